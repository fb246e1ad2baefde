namespace MlComponents.MLNet.Interop;

/// <summary>Our part of ML.NET's model file: named streams behind a header that names our loader.</summary>
internal static class ModelStreams
{
    /// <summary>Name under which ML.NET finds the loader; it is in every saved model and never changes.</summary>
    public const string LoaderSignature = "MlComponentsTorch";

    /// <summary>Writes the header, then the streams.</summary>
    public static void Save(ModelSaveContext context, params ReadOnlySpan<(string Name, Action<Stream> Write)> streams)
    {
        context.CheckAtModel();
        context.SetVersionInfo(new VersionInfo(
            modelSignature: "MLCTORCH",
            verWrittenCur: 0x00010001,   // first; what our streams hold has a version of its own
            verReadableCur: 0x00010001,
            verWeCanReadBack: 0x00010001,
            loaderSignature: LoaderSignature,
            loaderAssemblyName: typeof(ModelStreams).Assembly.FullName));
        foreach (var (name, write) in streams)
            context.SaveBinaryStream(name, writer => write(writer.BaseStream));
    }

    /// <summary>Reads a stream, which knows its length.</summary>
    /// <exception cref="InvalidDataException">It isn't there.</exception>
    public static T Read<T>(ModelLoadContext context, string name, Func<Stream, T> read)
    {
        var result = default(T);
        if (!context.TryLoadBinaryStream(name, reader => result = read(reader.BaseStream)))
            throw new InvalidDataException($"The model has no entry '{name}': the file is damaged or has been changed.");
        return result!;
    }
}
