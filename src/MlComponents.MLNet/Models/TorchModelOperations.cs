using System.IO.Compression;
using System.Reflection;
using MlComponents;

namespace Microsoft.ML;

/// <summary>Model files that are never written in part, and errors that say at once what is wrong with one.</summary>
public static class TorchModelOperations
{
    /// <summary>
    /// Saves a model like <c>Save</c>, but beside its final name, which it gets when it is complete and on the disk: a reader sees the old file or the new
    /// one, and never a part.
    /// </summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="model">Any model of ML.NET.</param>
    /// <param name="inputSchema">Schema of its input; null for none.</param>
    /// <param name="path">The final name; its folder is created when it isn't there.</param>
    /// <param name="overwrite">Whether a file that is there already is replaced. Default: true.</param>
    /// <exception cref="ComponentException">A network or an operation can't be saved; the message says what to do.</exception>
    /// <exception cref="IOException">The disk is full, the folder can't be written, or the file is there already and isn't to be replaced.</exception>
    public static void SaveAtomically(this ModelOperationsCatalog catalog, ITransformer model, DataViewSchema? inputSchema, string path, bool overwrite = true)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        AtomicFile.Write(path, stream =>
        {
            catalog.Save(model, inputSchema, stream);
            using var archive = new ZipArchive(stream, ZipArchiveMode.Read, leaveOpen: true);
            _ = archive.Entries;   // ML.NET swallows the errors of writing the archive's directory
        }, overwrite);
    }

    /// <summary>Loads a model like <c>Load</c>, but an error is what went wrong, and not what ML.NET wraps round it.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="path">The file.</param>
    /// <param name="inputSchema">Schema of the model's input, or null when it was saved without one.</param>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    /// <exception cref="ComponentException">A network's or operation's name isn't registered; the message has the call that registers it.</exception>
    public static ITransformer LoadOrExplain(this ModelOperationsCatalog catalog, string path, out DataViewSchema? inputSchema)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        try
        {
            return catalog.Load(path, out inputSchema);
        }
        catch (FormatException e) when (e.InnerException is InvalidDataException)   // ML.NET could not open the archive
        {
            throw new InvalidDataException($"{path} isn't a whole model file: it is damaged, or was cut off while it was written or copied. Save or copy it again.", e);
        }
        catch (Exception e) when (Cause(e) is { } cause)
        {
            throw cause switch
            {
                ComponentException component => new ComponentException(component.Message, e),
                _ => new InvalidDataException(cause.Message, e),
            };
        }
    }

    /// <summary>What a loader threw, if one did.</summary>
    private static Exception? Cause(Exception e)
    {
        Exception? cause = null;
        for (var inner = e; inner is not null; inner = inner.InnerException)
            if (inner is TargetInvocationException)
                cause = inner.InnerException;
        return cause;
    }
}
