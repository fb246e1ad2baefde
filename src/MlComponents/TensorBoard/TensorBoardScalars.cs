using System.Text.Json;
using Tensorboard;

namespace MlComponents;

/// <summary>Reads scalars back from event files, as TensorBoard shows them, and exports them.</summary>
public static class TensorBoardScalars
{
    /// <summary>Name of the file that a run with <see cref="TensorBoard"/> leaves in its folder.</summary>
    public const string FileName = "scalars.json";

    /// <summary>Reads the scalars of a folder and of those in it that <see cref="TensorBoardWriter"/>s wrote. Where a run went on from a step, what was there of that step and later ones is left out.</summary>
    /// <param name="folder">The folder.</param>
    /// <returns>The points by <c>run/tag</c>, where the run is the path below the folder, e.g. <c>validation/loss</c>; a tag of the folder itself stands alone. In ordinal order of the names; of each in the order of writing.</returns>
    /// <exception cref="IOException">A file can't be read.</exception>
    public static IReadOnlyDictionary<string, IReadOnlyList<ScalarPoint>> Read(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        var found = new SortedDictionary<string, IReadOnlyList<ScalarPoint>>(StringComparer.Ordinal);
        foreach (var run in Directory.EnumerateDirectories(folder, "*", SearchOption.AllDirectories).Append(folder))
        {
            var name = Path.GetRelativePath(folder, run).Replace(Path.DirectorySeparatorChar, '/');
            foreach (var (tag, points) in ReadRun(run))
                found[name == "." ? tag : $"{name}/{tag}"] = points;
        }
        return found;
    }

    /// <summary>Writes the scalars of a folder as one JSON object, <c>{"train/loss": [[wall time, step, value], …], …}</c>: seconds since 1970, numbers as float32, what is no number as <c>"NaN"</c>, <c>"Infinity"</c> and <c>"-Infinity"</c>.</summary>
    /// <param name="folder">What to read, as for <see cref="Read"/>.</param>
    /// <param name="path">The file, which is written aside and renamed.</param>
    /// <exception cref="IOException">A file can't be read or written.</exception>
    public static void Save(string folder, string path)
    {
        var scalars = Read(folder);
        AtomicFile.Write(path, stream =>
        {
            using var json = new Utf8JsonWriter(stream);
            json.WriteStartObject();
            foreach (var (name, points) in scalars)
            {
                json.WriteStartArray(name);
                foreach (var point in points)
                    Write(json, point);
                json.WriteEndArray();
            }
            json.WriteEndObject();
        });
    }

    private static void Write(Utf8JsonWriter json, ScalarPoint point)
    {
        json.WriteStartArray();
        json.WriteNumberValue(point.WallTime);
        json.WriteNumberValue(point.Step);
        if (float.IsFinite(point.Value))
            json.WriteNumberValue(point.Value);
        else
            json.WriteStringValue(float.IsNaN(point.Value) ? "NaN" : point.Value > 0 ? "Infinity" : "-Infinity");
        json.WriteEndArray();
    }

    private static Dictionary<string, IReadOnlyList<ScalarPoint>> ReadRun(string folder)
    {
        var tags = new Dictionary<string, List<ScalarPoint>>();
        foreach (var path in EventFile.Names(folder))
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1 << 16);
            foreach (var e in EventRecords.Read(stream))
                if (e.SessionLog?.Status == SessionLog.Types.SessionStatus.Start)
                    TakeBack(tags, e.Step);
                else
                    Take(tags, e);
        }
        return tags.ToDictionary(pair => pair.Key, pair => (IReadOnlyList<ScalarPoint>)pair.Value);
    }

    private static void Take(Dictionary<string, List<ScalarPoint>> tags, Event e)
    {
        foreach (var value in e.Summary?.Value ?? [])
        {
            if (value.ValueCase != Summary.Types.Value.ValueOneofCase.SimpleValue)
                continue;
            if (!tags.TryGetValue(value.Tag, out var points))
                tags[value.Tag] = points = [];
            points.Add(new(e.WallTime, e.Step, value.SimpleValue));
        }
    }

    private static void TakeBack(Dictionary<string, List<ScalarPoint>> tags, long step)
    {
        foreach (var (tag, points) in tags)
        {
            points.RemoveAll(point => point.Step >= step);
            if (points.Count == 0)
                tags.Remove(tag);
        }
    }
}

/// <summary>A point of a chart.</summary>
/// <param name="WallTime">When it was written, in seconds since 1970 (UTC).</param>
/// <param name="Step">Its step.</param>
/// <param name="Value">Its value, as TensorBoard keeps it.</param>
public readonly record struct ScalarPoint(double WallTime, long Step, float Value);
