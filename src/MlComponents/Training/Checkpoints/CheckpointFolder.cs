namespace MlComponents;

/// <summary>
/// Checkpoints in a folder of the disk, one folder <c>step-00001234</c> each. It holds <c>weights.safetensors</c>, <c>optimizer.safetensors</c>,
/// <c>run.safetensors</c> and <c>state.json</c>, which has the position, the definition, all values, length and SHA-256 of the three others and its own.
/// </summary>
/// <remarks>
/// A checkpoint is written beside its final name and renamed when all of it is on the disk, so that a process that is killed leaves whole ones only.
/// No file names a .NET type or another file. The same checkpoint always gives the same bytes.
/// </remarks>
public sealed class CheckpointFolder : ICheckpointStore
{
    private readonly string path;
    private readonly Func<Stream, Stream> disk;

    /// <param name="path">The folder, which needn't be there yet.</param>
    public CheckpointFolder(string path)
        : this(path, stream => stream)
    {
    }

    /// <param name="path">The folder.</param>
    /// <param name="disk">What stands between a checkpoint and the file that it is written to.</param>
    internal CheckpointFolder(string path, Func<Stream, Stream> disk)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        this.path = Path.GetFullPath(path);
        this.disk = disk;
    }

    /// <inheritdoc/>
    public IReadOnlyList<long> Steps => [.. Names().Select(CheckpointFiles.StepOf).OfType<long>().Order()];

    /// <inheritdoc/>
    public void Prepare()
    {
        Directory.CreateDirectory(path);
        foreach (var name in Names())
            if (CheckpointFiles.IsAside(name))
                Directory.Delete(In(name), recursive: true);
            else if (CheckpointFiles.StepOfReplaced(name) is { } step)
                PutBack(step);
    }

    /// <inheritdoc/>
    public void Write(Checkpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        ArgumentOutOfRangeException.ThrowIfNegative(checkpoint.Step);

        Directory.CreateDirectory(path);
        var aside = Directory.CreateDirectory(In(CheckpointFiles.AsideOf(checkpoint.Step))).FullName;
        try
        {
            var stored = StoredCheckpoint.Of(checkpoint, (name, write) => WriteFile(Path.Combine(aside, name), write));
            var json = SealedJson.Write(stored);
            WriteFile(Path.Combine(aside, CheckpointFiles.State), stream => stream.Write(json));
            FolderFlush.ToDisk(aside);
            PutInPlace(aside, checkpoint.Step);
        }
        catch
        {
            if (Directory.Exists(aside))
                Directory.Delete(aside, recursive: true);
            throw;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, double> ReadMetrics(long step) => ReadStored(step).Metrics;

    /// <inheritdoc/>
    public Checkpoint Read(long step)
    {
        var stored = ReadStored(step);
        using var weights = Open(step, CheckpointFiles.Weights);
        using var optimizer = Open(step, CheckpointFiles.Optimizer);
        using var run = Open(step, CheckpointFiles.Run);
        stored.Weights.Check(weights);
        stored.Optimizer.Check(optimizer);
        stored.Run.Check(run);

        List<ComponentState> states = [];
        try
        {
            states.Add(stored.Weights.Read(weights));
            states.Add(stored.Optimizer.Read(optimizer));
            states.Add(stored.Run.Read(run));
            return new(states[0], states[1], states[2])
            {
                Step = step, Epoch = stored.Epoch, Batch = stored.Batch, Definition = stored.Definition, Environment = stored.Environment, Metrics = stored.Metrics,
            };
        }
        catch
        {
            states.ForEach(state => state.Dispose());
            throw;
        }
    }

    /// <inheritdoc/>
    public Checkpoint? ReadLatest(Action<string> warn)
    {
        ArgumentNullException.ThrowIfNull(warn);
        foreach (var step in Steps.Reverse())
            try
            {
                return Read(step);
            }
            catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException && !IsOfNewerFormat(step))
            {
                warn($"The checkpoint {CheckpointFiles.NameOf(step)} is left out: {e.Message}");
            }
        return null;
    }

    /// <inheritdoc/>
    public void Delete(long step)
    {
        var folder = In(CheckpointFiles.NameOf(step));
        if (!Directory.Exists(folder))
            return;
        var aside = In(CheckpointFiles.AsideOf(step));   // a process that is killed meanwhile leaves no checkpoint with a part missing
        Directory.Move(folder, aside);
        Directory.Delete(aside, recursive: true);
    }

    private IEnumerable<string> Names() => Directory.Exists(path) ? Directory.GetDirectories(path, "step-*").Select(folder => Path.GetFileName(folder)) : [];

    private string In(string name) => Path.Combine(path, name);

    private StreamSeal WriteFile(string file, Action<Stream> write)
    {
        using var stream = new FileStream(file, FileMode.CreateNew, FileAccess.Write);
        var seal = StreamSeal.Write(disk(stream), write);
        stream.Flush(flushToDisk: true);
        return seal;
    }

    /// <summary>Gives a whole checkpoint its final name, in the place of one that is there.</summary>
    private void PutInPlace(string aside, long step)
    {
        var (folder, replaced) = (In(CheckpointFiles.NameOf(step)), In(CheckpointFiles.ReplacedOf(step)));
        if (Directory.Exists(replaced))
            Directory.Delete(replaced, recursive: true);
        if (Directory.Exists(folder))
            Directory.Move(folder, replaced);
        try
        {
            Directory.Move(aside, folder);
        }
        catch
        {
            PutBack(step);
            throw;
        }
        FolderFlush.ToDisk(path);
        if (Directory.Exists(replaced))
            Directory.Delete(replaced, recursive: true);
    }

    /// <summary>Gives one that was to be replaced its name again, unless the new one has it.</summary>
    private void PutBack(long step)
    {
        var (folder, replaced) = (In(CheckpointFiles.NameOf(step)), In(CheckpointFiles.ReplacedOf(step)));
        if (!Directory.Exists(replaced))
            return;
        if (Directory.Exists(folder))
            Directory.Delete(replaced, recursive: true);
        else
            Directory.Move(replaced, folder);
    }

    private StoredCheckpoint ReadStored(long step)
    {
        using var file = Open(step, CheckpointFiles.State);
        var stored = SealedJson.Read<StoredCheckpoint>(file, file.Name, StoredCheckpoint.CurrentFormat);
        if (stored.Step != step || stored.Epoch < 1 || stored.Batch < 0)
            throw new InvalidDataException(FormattableString.Invariant(
                $"{file.Name} is of step {stored.Step}, epoch {stored.Epoch}, batch {stored.Batch}, which doesn't fit its folder: it has been changed or renamed."));
        return stored;
    }

    private bool IsOfNewerFormat(long step)
    {
        try
        {
            using var file = Open(step, CheckpointFiles.State);
            return SealedJson.ReadFormat(file, file.Name) > StoredCheckpoint.CurrentFormat;
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private FileStream Open(long step, string name)
    {
        var file = Path.Combine(In(CheckpointFiles.NameOf(step)), name);
        try
        {
            return File.OpenRead(file);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InvalidDataException($"{file} isn't there.", e);
        }
    }
}
