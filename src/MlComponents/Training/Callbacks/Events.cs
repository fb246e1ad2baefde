namespace MlComponents;

/// <summary>A run is about to take its first step.</summary>
/// <param name="Run">The run.</param>
public readonly record struct TrainStart(TrainingRun Run);

/// <summary>An epoch begins.</summary>
/// <param name="Run">The run.</param>
/// <param name="Epoch">Its number, from 1.</param>
public readonly record struct EpochStart(TrainingRun Run, int Epoch);

/// <summary>A step begins.</summary>
/// <param name="Run">The run.</param>
/// <param name="Epoch">Number of the epoch, from 1.</param>
/// <param name="Step">Number of the step, from 1, counted over the whole run.</param>
public readonly record struct StepStart(TrainingRun Run, int Epoch, long Step);

/// <summary>A step has its gradients, which each parameter's <c>grad</c> holds until the next one.</summary>
/// <param name="Run">The run.</param>
/// <param name="Epoch">Number of the epoch, from 1.</param>
/// <param name="Step">Number of the step, from 1, counted over the whole run.</param>
public readonly record struct BackwardEnd(TrainingRun Run, int Epoch, long Step);

/// <summary>A step is done.</summary>
/// <param name="Run">The run.</param>
/// <param name="Epoch">Number of the epoch, from 1.</param>
/// <param name="Step">Number of the step, from 1, counted over the whole run.</param>
/// <param name="Rows">Examples in the batch.</param>
/// <param name="LearningRate">Learning rate of the step.</param>
/// <param name="Loss">Mean loss of the batch, or null in a step whose loss wasn't read (<see cref="TrainerOptions.LogEvery"/>).</param>
/// <param name="GradientNorm">L2 norm of all gradients before clipping, or null in a step in which it wasn't read.</param>
/// <param name="Duration">Time of the step without waiting for data.</param>
/// <param name="DataWait">Time that the step waited for its batch.</param>
public readonly record struct StepEnd(
    TrainingRun Run, int Epoch, long Step, int Rows, double LearningRate, double? Loss, double? GradientNorm, TimeSpan Duration, TimeSpan DataWait);

/// <summary>A validation begins.</summary>
/// <param name="Run">The run.</param>
/// <param name="Epoch">Number of the epoch, from 1.</param>
public readonly record struct ValidationStart(TrainingRun Run, int Epoch);

/// <summary>A batch of a validation went through the network.</summary>
/// <param name="Run">The run.</param>
/// <param name="Epoch">Number of the epoch, from 1.</param>
/// <param name="Number">Number of the batch in the pass, from 1.</param>
/// <param name="Count">Batches of the pass.</param>
/// <param name="Batch">The examples, on the run's device.</param>
/// <param name="Output">What the network made of them, float32 [N, ...]: scores, logits or numbers, as the objective compares them. Of the averaged weights where there is an average.</param>
public readonly record struct ValidationBatch(TrainingRun Run, int Epoch, long Number, long Count, Batch Batch, Tensor Output);

/// <summary>A validation is done.</summary>
/// <param name="Run">The run.</param>
/// <param name="Epoch">Number of the epoch, from 1.</param>
/// <param name="Metrics">Every validation metric by its full name, e.g. <c>validation/loss</c>.</param>
public readonly record struct ValidationEnd(TrainingRun Run, int Epoch, IReadOnlyDictionary<string, MetricValue> Metrics);

/// <summary>An epoch is done.</summary>
/// <param name="Run">The run.</param>
/// <param name="Row">Its row in the history.</param>
public readonly record struct EpochEnd(TrainingRun Run, HistoryRow Row);

/// <summary>A checkpoint was taken.</summary>
/// <param name="Run">The run.</param>
/// <param name="Step">Steps done by then.</param>
public readonly record struct CheckpointTaken(TrainingRun Run, long Step);

/// <summary>Something went wrong that doesn't end the run.</summary>
/// <param name="Run">The run.</param>
/// <param name="Message">A sentence for the user.</param>
public readonly record struct Warning(TrainingRun Run, string Message);

/// <summary>A run is over.</summary>
/// <param name="Run">The run.</param>
/// <param name="Error">What ended it, or null when it ended by itself, by a callback's request or by cancellation.</param>
public readonly record struct TrainEnd(TrainingRun Run, Exception? Error);

/// <summary>A metric after a validation.</summary>
/// <param name="Value">The value over all rows.</param>
/// <param name="Direction">Whether smaller or larger is better.</param>
/// <param name="IsBest">Whether it is better than in every validation before.</param>
/// <param name="Best">The best value so far, this one included.</param>
public readonly record struct MetricValue(double Value, MetricDirection Direction, bool IsBest, double Best);
