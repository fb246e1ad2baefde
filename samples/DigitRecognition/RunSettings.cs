using System.Text.Json;
using Digits;
using MlComponents;

namespace DigitRecognition;

/// <summary>What decides the result of a run. It is kept beside the results, so that <c>--resume</c> alone goes on with it.</summary>
/// <param name="Data">Folder with the MNIST files, a full path; null draws digits.</param>
/// <param name="Network">One of <see cref="Trainers.Names"/>.</param>
/// <param name="Epochs">Passes over the training rows, at least 1; null for ML.NET's own number.</param>
/// <param name="Seed">Seed of the drawn digits and of the training.</param>
/// <param name="Recipe">One of <see cref="DigitRecipes.Names"/>.</param>
/// <param name="Precision">One of <see cref="Trainers.Precisions"/>; null for the recipe's own.</param>
internal sealed record RunSettings(string? Data, string Network, int? Epochs, int Seed, string Recipe, string? Precision)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true };

    /// <summary>What was asked for, else what the run began with, else the defaults.</summary>
    /// <exception cref="UserException">ML.NET's own trainer has no such option.</exception>
    public static RunSettings Of(TrainOptions asked, RunSettings? begun = null)
    {
        var network = asked.Network ?? begun?.Network ?? "convnet";
        if (network == Trainers.Linear)
            RefuseWhatLinearLacks(asked);
        return new(
            asked.Data is { } data ? Path.GetFullPath(data) : begun?.Data,
            network,
            asked.Epochs ?? begun?.Epochs ?? (network == Trainers.Linear ? null : DigitNetworks.EpochsOf(network)),
            asked.Seed ?? begun?.Seed ?? 1,
            asked.Recipe ?? begun?.Recipe ?? DigitRecipes.Plain,
            asked.Precision ?? begun?.Precision);
    }

    /// <summary>Refuses what would make it another run. The data may have been moved, but not become others.</summary>
    /// <exception cref="UserException">Something differs.</exception>
    public void MustBe(TrainOptions asked, RunFolder folder)
    {
        (string Name, object? Asked, object? Begun)[] options =
        [
            ("--data", asked.Data, Data is null ? null : asked.Data),
            ("--network", asked.Network, Network),
            ("--epochs", asked.Epochs, Epochs),
            ("--seed", asked.Seed, Seed),
            ("--recipe", asked.Recipe, Recipe),
            ("--precision", asked.Precision, Precision),
        ];
        var different = options.Where(option => option.Asked is not null && !option.Asked.Equals(option.Begun)).ToList();
        if (different.Count > 0)
            throw new UserException(
                $"The run in {folder.Path} began {string.Join(", ", different.Select(option => option.Begun is null ? $"without {option.Name}" : $"with {option.Name} {option.Begun}"))}, "
                + $"but {string.Join(", ", different.Select(option => $"{option.Name} {option.Asked}"))} was asked for: leave it out to go on, or choose another --output for another run.");
    }

    /// <summary>Writes them into a run's folder.</summary>
    public void Save(RunFolder folder) => AtomicFile.Write(PathIn(folder), stream => JsonSerializer.Serialize(stream, this, Json));

    /// <summary>Reads those of a run; null where it hasn't begun.</summary>
    /// <exception cref="InvalidDataException">The file has been changed.</exception>
    public static RunSettings? Load(RunFolder folder)
    {
        var path = PathIn(folder);
        if (!File.Exists(path))
            return null;
        try
        {
            using var stream = File.OpenRead(path);
            return JsonSerializer.Deserialize<RunSettings>(stream, Json);
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{path} doesn't say how its run began: {e.Message}", e);
        }
    }

    /// <summary>Whether a folder has some.</summary>
    public static bool AreIn(RunFolder folder) => File.Exists(PathIn(folder));

    /// <summary>Removes them from a folder.</summary>
    public static void Delete(RunFolder folder) => File.Delete(PathIn(folder));

    private static string PathIn(RunFolder folder) => Path.Combine(folder.Path, "settings.json");

    private static void RefuseWhatLinearLacks(TrainOptions asked)
    {
        string[] lacking =
        [
            .. asked.Recipe is null ? Array.Empty<string>() : ["--recipe"],
            .. asked.Precision is null ? Array.Empty<string>() : ["--precision"],
            .. asked.CheckpointSteps is null ? Array.Empty<string>() : ["--checkpoint-steps"],
            .. asked.Workers is null ? Array.Empty<string>() : ["--workers"],
            .. asked.TensorBoard is null ? Array.Empty<string>() : ["--tensorboard"],
            .. asked.HtmlReport ? ["--report"] : Array.Empty<string>(),
        ];
        if (lacking.Length > 0)
            throw new UserException($"The linear model is trained by ML.NET, which has no {string.Join(", ", lacking)}: leave it out, or choose a network.");
    }
}
