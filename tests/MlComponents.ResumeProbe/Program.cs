// ResumeProbe <folder> [<kind> <step>]: trains with checkpoints in a folder, goes on from those that are there, and prints what it ended with.
// At the moment that is asked for, if one is, it prints "here" and waits to be killed; see Moment.

using MlComponents.ResumeProbe;

using var result = Run.Train(folder: args[0], args.Length == 3 ? new Moment(args[1], long.Parse(args[2])) : new Moment("never", 0));

Console.WriteLine($"weights {Ending.WeightsOf(result)}");
Console.WriteLine($"history {Ending.HistoryOf(result)}");
Console.WriteLine($"resumed {(result.ResumedFromStep is { } step ? $"{step}" : "never")}");
