using Digits;
using Microsoft.ML;
using MlComponents;

namespace DigitRecognition;

/// <summary>Models in files: whole ones only, and for digits only.</summary>
internal static class ModelFile
{
    /// <summary>Writes a model aside and renames it, so that there is never a part of one.</summary>
    public static void Save(MLContext ml, ITransformer model, string path) =>
        ml.Model.SaveAtomically(model, NoRows(ml).Schema, path, overwrite: false);

    /// <summary>Reads a model.</summary>
    /// <exception cref="UserException">The file isn't there, is damaged, or is a model for something else.</exception>
    public static ITransformer Load(MLContext ml, string path)
    {
        if (!File.Exists(path))
            throw new UserException($"There is no model file {path}.");

        ITransformer model;
        try
        {
            model = ml.Model.LoadOrExplain(path, out _);
        }
        catch (Exception e) when (e is not OutOfMemoryException)   // a damaged file ends in whatever ML.NET runs into
        {
            throw new UserException($"{path} can't be read as a model: {e.Message}", e);
        }

        try
        {
            if (!DigitEvaluation.Fits(model.GetOutputSchema(NoRows(ml).Schema)))
                throw new UserException($"{path} is a model, but none that reads digits.");
        }
        catch (Exception e) when (e is ArgumentException or InvalidOperationException)
        {
            throw new UserException($"{path} is a model, but none that reads digits: {e.Message}", e);
        }
        return model;
    }

    private static IDataView NoRows(MLContext ml) => DigitRow.ViewOf(ml, new DigitSet([], []));
}
