using System.CommandLine;
using System.CommandLine.Parsing;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Digits;
using MlComponents;

namespace DigitRecognition;

/// <summary>What can be asked for, and how mistakes are answered: one sentence on standard error and exit code 1.</summary>
internal static class CommandLine
{
    private static readonly Option<string?> Data = new("--data") { Description = "Folder with the four MNIST files, gzipped or not. Default: digits are drawn.", HelpName = "DIR" };
    private static readonly Option<string?> Network = new("--network") { Description = "What learns: linear, or the name of a registered network. Default: convnet." };
    private static readonly Option<int?> Epochs = new("--epochs") { Description = "Passes over the training rows. Default: 8 for convnet, 10 for mlp, 3 for other networks, ML.NET's own for linear.", HelpName = "N", CustomParser = result => Number(result, minimum: 1) };
    private static readonly Option<int?> Seed = new("--seed") { Description = "Seed of the drawn digits and of the training. Default: 1.", HelpName = "N", CustomParser = result => Number(result, minimum: 0) };
    private static readonly Option<string?> Recipe = new("--recipe") { Description = "How a network is trained. Default: plain." };
    private static readonly Option<string?> Precision = new("--precision") { Description = "The numbers in which a network is trained. Default: the recipe's own." };
    private static readonly Option<int?> CheckpointSteps = new("--checkpoint-steps") { Description = "Steps between two checkpoints. Default: one after every epoch.", HelpName = "N", CustomParser = result => Number(result, minimum: 1) };
    private static readonly Option<int?> Workers = new("--workers") { Description = "Threads that read batches ahead; the result is the same for any number. Default: 0.", HelpName = "N", CustomParser = result => Number(result, minimum: 0, maximum: 256) };
    private static readonly Option<string?> TensorBoard = new("--tensorboard") { Description = "Folder for what TensorBoard shows of the training. Default: none is written.", HelpName = "DIR" };
    private static readonly Option<bool> HtmlReport = new("--report") { Description = "Writes a report of the training, report.html, beside the results." };
    private static readonly Option<string?> Output = new("--output") { Description = "Folder for the results. Default: runs/digits/<UTC time>.", HelpName = "DIR" };
    private static readonly Option<bool> Resume = new("--resume") { Description = "Goes on with the run in --output, or with the newest one, where it was left." };
    private static readonly Option<bool> Json = new("--json") { Description = "Results as one JSON object on standard output, all else on standard error." };
    private static readonly Option<string> Model = new("--model") { Description = "A model.zip of an earlier run.", HelpName = "FILE", Required = true };

    public static int Run(string[] args)
    {
        var parsed = Create().Parse(args);
        if (parsed.Errors.Count > 0)
            return Fail(parsed.Errors[0].Message);
        try
        {
            return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (OperationCanceledException)
        {
            return Fail("Cancelled before there was a model; nothing was written.");
        }
        catch (Exception e) when (Explanation(e) is { } sentence)
        {
            return Fail(sentence);
        }
    }

    /// <summary>What the user is told, or null for an error of the program. A missing library is what TorchSharp wraps in errors of its own.</summary>
    private static string? Explanation(Exception e) => e switch
    {
        UserException or IOException or InvalidDataException or UnauthorizedAccessException => e.Message,
        ArgumentException or ValidationException or ComponentException or NonFiniteLossException => e.Message,
        _ => (e.GetBaseException() as DllNotFoundException)?.Message,
    };

    private static RootCommand Create()
    {
        Network.AcceptOnlyFromAmong(Trainers.Names);
        Recipe.AcceptOnlyFromAmong(DigitRecipes.Names);
        Precision.AcceptOnlyFromAmong(Trainers.Precisions);
        var root = new RootCommand("Trains a network to read digits, tests it and keeps it.") { Data, Network, Epochs, Seed, Recipe, Precision, CheckpointSteps, Workers, TensorBoard, HtmlReport, Output, Resume, Json };
        root.SetAction(parsed => TrainCommand.Run(new TrainOptions
        {
            Data = parsed.GetValue(Data),
            Network = parsed.GetValue(Network),
            Epochs = parsed.GetValue(Epochs),
            Seed = parsed.GetValue(Seed),
            Recipe = parsed.GetValue(Recipe),
            Precision = parsed.GetValue(Precision),
            CheckpointSteps = parsed.GetValue(CheckpointSteps),
            Workers = parsed.GetValue(Workers),
            TensorBoard = parsed.GetValue(TensorBoard),
            HtmlReport = parsed.GetValue(HtmlReport),
            Output = parsed.GetValue(Output),
            Resume = parsed.GetValue(Resume),
            Json = parsed.GetValue(Json),
        }));

        var score = new Command("score", "Tests a model of an earlier run.") { Model, Data, Seed, Json };
        score.SetAction(parsed => ScoreCommand.Run(parsed.GetValue(Model)!, parsed.GetValue(Data), parsed.GetValue(Seed) ?? 1, parsed.GetValue(Json)));
        root.Add(score);
        return root;
    }

    private static int Number(ArgumentResult result, int minimum, int maximum = int.MaxValue)
    {
        var text = result.Tokens[0].Value;
        if (int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) && number >= minimum && number <= maximum)
            return number;
        result.AddError($"{((OptionResult)result.Parent!).Option.Name} is {text}; allowed are whole numbers from {minimum} to {maximum}.");
        return minimum;
    }

    private static int Fail(string message)
    {
        Console.Error.WriteLine(string.Join(' ', message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
        return 1;
    }
}
