using Microsoft.ML.Runtime;

namespace MlComponents.MLNet.Interop;

/// <summary>Our part of ML.NET's model file: named streams behind a header that names our loader.</summary>
internal static class ModelStreams
{
    // Names under which ML.NET finds a loader, at most 24 characters; they are in saved models and never change.
    public const string NetworkLoader = "MlComponentsTorch";
    public const string OperationLoader = "MlComponentsTensor";
    public const string BatchNormalizeLoader = "MlComponentsBatchNorm";

    /// <summary>Writes the header, then the streams.</summary>
    /// <param name="context">Where to.</param>
    /// <param name="signature">8 characters for the kind of model; they never change.</param>
    /// <param name="loader">The loader's name.</param>
    /// <param name="streams">What writes each stream, in order.</param>
    public static void Save(ModelSaveContext context, string signature, string loader, params ReadOnlySpan<(string Name, Action<Stream> Write)> streams)
    {
        context.CheckAtModel();
        context.SetVersionInfo(new VersionInfo(
            modelSignature: signature,
            verWrittenCur: 0x00010001,   // first; what our streams hold has a version of its own
            verReadableCur: 0x00010001,
            verWeCanReadBack: 0x00010001,
            loaderSignature: loader,
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

    /// <summary>Builds a transformer from its streams, and says in ML.NET's channel what went wrong, for ML.NET wraps it twice.</summary>
    public static T Load<T>(IHostEnvironment env, Func<IHost, T> load) where T : ITransformer
    {
        var host = env.Register(typeof(T).Name);
        using var channel = host.Start("Loading");
        try
        {
            return load(host);
        }
        catch (Exception e)
        {
            channel.Error(MessageSensitivity.None, e.Message);
            throw;
        }
    }
}
