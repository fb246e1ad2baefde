using System.Globalization;
using Tensorboard;

namespace MlComponents;

/// <summary>
/// One event file that grows while a run goes on. Events wait in memory, and a timer writes them, so that whoever hands them over doesn't wait for the disk and a reader sees
/// them soon. Where the disk fails the file ends, and <see cref="Error"/> says why.
/// </summary>
internal sealed class EventFile : IDisposable
{
    /// <summary>What every file begins with.</summary>
    public const string Version = "brain.Event:2";

    private const string Prefix = "events.out.tfevents.";
    private const int MostWaiting = 1 << 24;   // bytes; who adds more than a slow disk takes waits for it

    private static int files;

    private readonly Lock gate = new();   // of what waits
    private readonly Lock disk = new();
    private readonly TimeProvider clock;
    private readonly string path;
    private readonly Func<string, Stream> open;
    private readonly ITimer timer;
    private MemoryStream waiting = new();
    private MemoryStream writing = new();
    private Stream? stream;
    private volatile Exception? error;
    private bool isClosed;

    /// <param name="folder">Where the file goes; it is created with the first events that are written.</param>
    /// <param name="firstStep">Steps from this one on that are in earlier files of the folder aren't shown.</param>
    /// <param name="flushEvery">How long events wait at most.</param>
    /// <param name="clock">The time of the events.</param>
    /// <param name="open">Opens the file. Null: on the disk.</param>
    public EventFile(string folder, long firstStep, TimeSpan flushEvery, TimeProvider clock, Func<string, Stream>? open = null)
    {
        this.clock = clock;
        var last = Names(folder).Select(Seconds).DefaultIfEmpty(0).Max();
        IsFirst = last == 0;
        var seconds = Math.Max((long)Now, last + 1);   // a reader takes files in the order of their names
        path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture,
            $"{Prefix}{seconds:D10}.{Environment.MachineName}.{Environment.ProcessId}.{Interlocked.Increment(ref files)}"));
        this.open = open ?? Create;
        Add(new Event { FileVersion = Version });
        // The first of them in a folder begins the run; any later one takes back what is there of its step and those after it.
        Add(new Event { SessionLog = new() { Status = SessionLog.Types.SessionStatus.Start }, Step = firstStep });
        timer = clock.CreateTimer(static file => ((EventFile)file!).Flush(), this, flushEvery, flushEvery);
    }

    /// <summary>Whether the folder had no event file before.</summary>
    public bool IsFirst { get; }

    /// <summary>Seconds since 1970.</summary>
    public double Now => (clock.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds;

    /// <summary>What the disk said when it failed; null while all is well.</summary>
    public Exception? Error => error;

    /// <summary>The event files of a folder, in the order in which they were begun; none where it can't be read.</summary>
    public static IReadOnlyList<string> Names(string folder)
    {
        try
        {
            return [.. Directory.GetFiles(folder, Prefix + "*").Order(StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)   // what is wrong with it is said when it is written
        {
            return [];
        }
    }

    /// <summary>Hands over an event, which is given the time.</summary>
    public void Add(Event e)
    {
        bool isMuch;
        lock (gate)
        {
            if (isClosed || error is not null)
                return;
            e.WallTime = Now;
            EventRecords.Append(waiting, e);
            isMuch = waiting.Length > MostWaiting;
        }
        if (isMuch)
            Flush();
    }

    /// <summary>Writes what waits.</summary>
    public void Flush()
    {
        lock (disk)
        {
            lock (gate)
            {
                if (waiting.Length == 0 || error is not null)
                    return;
                (waiting, writing) = (writing, waiting);
            }
            try
            {
                stream ??= open(path);
                if (stream is FileStream && !File.Exists(path))
                    throw new FileNotFoundException($"Somebody deleted the event file {path} while it was being written.");
                stream.Write(writing.GetBuffer().AsSpan(0, (int)writing.Length));
                stream.Flush();
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                error = e;
            }
            if (writing.Capacity > MostWaiting / 16)
                writing = new();
            writing.SetLength(0);
        }
    }

    /// <summary>Writes what waits, and closes the file.</summary>
    public void Dispose()
    {
        timer.Dispose();
        Flush();
        lock (gate)
            isClosed = true;
        lock (disk)
            Close();
    }

    private void Close()
    {
        try
        {
            stream?.Dispose();
        }
        catch (IOException e)
        {
            error ??= e;
        }
        stream = null;
    }

    private static FileStream Create(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        return new(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read | FileShare.Delete, bufferSize: 0);
    }

    private static long Seconds(string path) =>
        long.TryParse(Path.GetFileName(path)[Prefix.Length..].Split('.')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? seconds : 1;
}
