using System.Text.Json.Nodes;

namespace MlComponents;

/// <summary>What <c>state.json</c> of a checkpoint says, besides its own hash.</summary>
internal sealed record StoredCheckpoint
{
    /// <summary>The newest format that this version writes and reads.</summary>
    public const int CurrentFormat = 1;

    public required int Format { get; init; }

    public required long Step { get; init; }

    public required int Epoch { get; init; }

    public required long Batch { get; init; }

    public required JsonObject Definition { get; init; }

    public required JsonObject Environment { get; init; }

    public required Dictionary<string, double> Metrics { get; init; }

    public required StoredState Weights { get; init; }

    public required StoredState Optimizer { get; init; }

    public required StoredState Run { get; init; }

    /// <summary>Describes a checkpoint, and writes its tensors.</summary>
    /// <param name="checkpoint">The checkpoint.</param>
    /// <param name="write">Writes one of its three files.</param>
    public static StoredCheckpoint Of(Checkpoint checkpoint, Func<string, Action<Stream>, StreamSeal> write) => new()
    {
        Format = CurrentFormat,
        Step = checkpoint.Step,
        Epoch = checkpoint.Epoch,
        Batch = checkpoint.Batch,
        Definition = checkpoint.Definition,
        Environment = checkpoint.Environment,
        Metrics = new(checkpoint.Metrics),
        Weights = StoredState.Of(checkpoint.Weights, tensors => write(CheckpointFiles.Weights, tensors)),
        Optimizer = StoredState.Of(checkpoint.Optimizer, tensors => write(CheckpointFiles.Optimizer, tensors)),
        Run = StoredState.Of(checkpoint.Run, tensors => write(CheckpointFiles.Run, tensors)),
    };
}

/// <summary>One state of a checkpoint: the seal of the file that has its tensors, and its values.</summary>
internal sealed record StoredState
{
    public required long Length { get; init; }

    public required string Sha256 { get; init; }

    public required StateValues State { get; init; }

    public static StoredState Of(ComponentState state, Func<Action<Stream>, StreamSeal> write)
    {
        var seal = write(stream => Safetensors.Write(stream, state.AllTensors()));
        return new() { Length = seal.Length, Sha256 = seal.Sha256, State = state.AllValues() };
    }

    /// <summary>Checks the file of the tensors without keeping any of it.</summary>
    /// <exception cref="InvalidDataException">It isn't what was written.</exception>
    public void Check(FileStream file) => new StreamSeal(Length, Sha256).Check(file, file.Name);

    /// <summary>The state as it was written.</summary>
    /// <exception cref="InvalidDataException">Values and tensors contradict each other, or the file is no safetensors file.</exception>
    public ComponentState Read(FileStream file)
    {
        using var scope = NewDisposeScope();
        return ComponentState.Of(State, Safetensors.Read(file));
    }
}
