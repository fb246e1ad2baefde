// ResumeProbe <folder> <workers> [<kind> <step>]: trains with checkpoints and a report in a folder, goes on from those that are there, and prints what it ended with. So many workers read its batches.
// At the moment that is asked for, if one is, it prints "here" and waits to be killed; see Moment.

using MlComponents.ResumeProbe;

using var result = Run.Train(folder: args[0], workers: int.Parse(args[1]), args.Length == 4 ? new Moment(args[2], long.Parse(args[3])) : new Moment("never", 0));

Console.WriteLine($"weights {Ending.WeightsOf(result)}");
Console.WriteLine($"history {Ending.HistoryOf(result)}");
Console.WriteLine($"resumed {(result.ResumedFromStep is { } step ? $"{step}" : "never")}");
