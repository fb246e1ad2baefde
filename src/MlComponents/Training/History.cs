using System.Collections;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace MlComponents;

/// <summary>One epoch of a run.</summary>
public sealed record HistoryRow
{
    /// <summary>Number of the epoch, from 1.</summary>
    public required int Epoch { get; init; }

    /// <summary>Optimizer steps done by its end, over the whole run.</summary>
    public required long Step { get; init; }

    /// <summary>Seconds since the run began.</summary>
    public required double Seconds { get; init; }

    /// <summary>Learning rate of its last step.</summary>
    public required double LearningRate { get; init; }

    /// <summary>L2 norm of all gradients in the last step in which it was read, before clipping; null when it never was.</summary>
    public double? GradientNorm { get; init; }

    /// <summary>Metrics by full name, <c>train/loss</c> first, then those of the validation.</summary>
    public required IReadOnlyDictionary<string, double> Metrics { get; init; }
}

/// <summary>What happened in a run: one row per epoch, and why it ended before its last epoch if it did.</summary>
public sealed class History : IReadOnlyList<HistoryRow>
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    private readonly List<HistoryRow> rows;

    /// <summary>A history of given rows; none by default.</summary>
    public History(IEnumerable<HistoryRow>? rows = null) => this.rows = [.. rows ?? []];

    /// <summary>Why the run ended before its last epoch, or null when it did not.</summary>
    public string? StopReason { get; internal set; }

    /// <summary>Number of epochs.</summary>
    public int Count => rows.Count;

    /// <summary>The row of an epoch.</summary>
    /// <param name="index">From 0 to <see cref="Count"/> − 1.</param>
    public HistoryRow this[int index] => rows[index];

    /// <inheritdoc/>
    public IEnumerator<HistoryRow> GetEnumerator() => rows.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Writes one JSON object per row and line, and a last line with the stop reason if there is one. Written aside, then renamed.</summary>
    public void Save(string path) => WriteAside(path, Write);

    /// <summary>Writes one JSON object per row and line, and a last line with the stop reason if there is one.</summary>
    public void Write(TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        foreach (var row in rows)
            writer.Write(JsonSerializer.Serialize(row, Json) + "\n");
        if (StopReason is not null)
            writer.Write(JsonSerializer.Serialize(new End(StopReason), Json) + "\n");
    }

    /// <summary>Writes a table as <see cref="WriteCsv"/> does. Written aside, then renamed.</summary>
    public void SaveCsv(string path) => WriteAside(path, WriteCsv);

    /// <summary>
    /// Writes a table with a line per row: epoch, step, seconds, learning rate, gradient norm, and a column for each metric that occurs in any row, by its full name; a field is empty where a row has no value.
    /// As RFC 4180 has it: commas, lines end in CR LF, quotes where a name needs them; numbers have a point, and are NaN, Infinity or -Infinity where they are none.
    /// </summary>
    public void WriteCsv(TextWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        HistoryCsv.Write(rows, writer);
    }

    /// <summary>Reads what <see cref="Save"/> wrote.</summary>
    /// <exception cref="InvalidDataException">A line is no row of a history; the message has its number.</exception>
    public static History Load(string path)
    {
        using var reader = File.OpenText(path);
        return Read(reader);
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">A line is no row of a history; the message has its number.</exception>
    public static History Read(TextReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        var history = new History();
        for (var number = 1; reader.ReadLine() is { } line; number++)
            try
            {
                if (line.StartsWith("{\"stopReason\"", StringComparison.Ordinal))
                    history.StopReason = Parse<End>(line).StopReason;
                else
                    history.Add(Parse<HistoryRow>(line));
            }
            catch (JsonException e)
            {
                throw new InvalidDataException($"Line {number} is no row of a training history: {e.Message}", e);
            }
        return history;
    }

    private static void WriteAside(string path, Action<TextWriter> write) => AtomicFile.Write(path, stream =>
    {
        using var writer = new StreamWriter(stream, leaveOpen: true);
        write(writer);
    });

    private static T Parse<T>(string line) => JsonSerializer.Deserialize<T>(line, Json) ?? throw new JsonException("it is null.");

    /// <summary>Replaces all rows.</summary>
    internal void Restore(IEnumerable<HistoryRow> saved)
    {
        rows.Clear();
        rows.AddRange(saved);
    }

    internal void Add(HistoryRow row) => rows.Add(row);

    private sealed record End(string StopReason);
}
