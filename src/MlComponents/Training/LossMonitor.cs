namespace MlComponents;

/// <summary>
/// Reads losses and gradient norms every so many steps, and knows the first step whose loss wasn't finite however late it is read, from a flag
/// kept on the device. The named terms of losses are read at an epoch's end.
/// </summary>
internal sealed class LossMonitor(int every) : IDisposable
{
    private readonly Dictionary<string, RunningMean> terms = [];
    private double sum;
    private long rows;
    private Tensor? pendingSum;
    private Tensor? firstNonFinite;

    /// <summary>Loss of the last step, when it was read.</summary>
    public double? Loss { get; private set; }

    /// <summary>Gradient norm of the last step, when it was read.</summary>
    public double? GradientNorm { get; private set; }

    /// <summary>The last gradient norm that was read.</summary>
    public double? LastGradientNorm { get; private set; }

    public void StartEpoch()
    {
        (sum, rows) = (0, 0);
        pendingSum?.Dispose();
        pendingSum = null;
        DisposeTerms();
        terms.Clear();
    }

    /// <summary>Whether a step's loss and gradient norm are read, which waits for the device.</summary>
    public bool Reads(long step) => step % every == 0;

    /// <param name="step">Number of the step, from 1.</param>
    /// <param name="result">Its loss, and the terms of it.</param>
    /// <param name="norm">Its gradient norm, []; null in a step in which it wasn't needed or means nothing.</param>
    /// <param name="count">Rows of its batch.</param>
    /// <param name="learningRate">Its learning rate.</param>
    /// <exception cref="NonFiniteLossException">This step's loss or gradient isn't finite, or an earlier one's wasn't.</exception>
    public void Read(long step, ObjectiveStep result, Tensor? norm, long count, double learningRate)
    {
        var loss = result.Loss;
        Loss = Reads(step) ? loss.Number() : null;
        GradientNorm = Reads(step) ? norm?.Number() : null;
        if (Reads(step))
        {
            ThrowIfNonFinite(step, learningRate);
            if (!double.IsFinite(Loss!.Value) || !double.IsFinite(GradientNorm ?? 0))
                throw new NonFiniteLossException(step, Loss.Value, learningRate, GradientNorm);   // before any of it is added up: a run that goes on does the step again
        }

        LastGradientNorm = GradientNorm ?? LastGradientNorm;
        rows += count;
        foreach (var (name, value) in result.Terms)
        {
            terms.TryAdd(name, new());
            terms[name].Add(value, count);
        }
        if (every == 1)
            sum += Loss!.Value * count;
        else
            Accumulate(step, loss.detach(), norm, count);
    }

    /// <summary>Mean loss per row of the epoch and means of its terms, by their full names.</summary>
    /// <exception cref="NonFiniteLossException">A loss that wasn't read yet isn't finite.</exception>
    public Dictionary<string, double> EpochLosses(long step, double learningRate)
    {
        ThrowIfNonFinite(step, learningRate);

        var losses = new Dictionary<string, double> { [MetricNames.TrainLoss] = (sum + (pendingSum?.item<double>() ?? 0)) / rows };
        foreach (var (name, mean) in terms)
            losses[MetricNames.TrainTerm(name)] = mean.Compute();
        return losses;
    }

    /// <summary>Reads whether a loss or gradient of the steps so far wasn't finite, where that isn't known yet.</summary>
    /// <exception cref="NonFiniteLossException">One wasn't.</exception>
    public void ThrowIfNonFinite(long step, double learningRate)
    {
        if (firstNonFinite?.item<long>() is not { } first || first > step)
            return;
        throw first == step
            ? new NonFiniteLossException(step, double.NaN, learningRate, gradientNorm: null)
            : new NonFiniteLossException(first, double.NaN, learningRate, gradientNorm: null, readAt: step);   // only the step was kept
    }

    /// <summary>Remembers the losses of the epoch so far.</summary>
    public void SaveState(ComponentState state)
    {
        state.Set("sum", sum);
        state.Set("rows", rows);
        if (pendingSum is not null)
            state.Set("pendingSum", pendingSum);
        if (firstNonFinite is not null)
            state.Set("firstNonFinite", firstNonFinite);
        state.Set("lastGradientNorm", LastGradientNorm);
        foreach (var (name, mean) in terms)
            mean.SaveState(state.Section(name));
    }

    /// <summary>Goes on from remembered losses.</summary>
    public void LoadState(ComponentState state, Device device)
    {
        StartEpoch();
        sum = state.Get<double>("sum");
        rows = state.Get<long>("rows");
        pendingSum = state.Tensors.GetValueOrDefault("pendingSum")?.to(device, copy: true).DetachFromDisposeScope();
        firstNonFinite?.Dispose();
        firstNonFinite = state.Tensors.GetValueOrDefault("firstNonFinite")?.to(device, copy: true).DetachFromDisposeScope();
        LastGradientNorm = state.Get<double?>("lastGradientNorm");
        foreach (var (name, mean) in state.Sections)
            (terms[name] = new()).LoadState(mean, device);
    }

    public void Dispose()
    {
        pendingSum?.Dispose();
        firstNonFinite?.Dispose();
        DisposeTerms();
    }

    private void DisposeTerms()
    {
        foreach (var mean in terms.Values)
            mean.Dispose();
    }

    private void Accumulate(long step, Tensor loss, Tensor? norm, long count)
    {
        using var scope = NewDisposeScope();
        using Scalar never = long.MaxValue, now = step;   // held as those of HeldScalars
        pendingSum ??= zeros([], ScalarType.Float64, loss.device).DetachFromDisposeScope();
        firstNonFinite ??= full([], never, ScalarType.Int64, loss.device).DetachFromDisposeScope();

        pendingSum.Increase(loss.to(ScalarType.Float64).Times(count));
        var isFinite = norm is null ? loss.isfinite() : loss.isfinite().logical_and(norm.isfinite());
        firstNonFinite.copy_(where(isFinite, firstNonFinite, firstNonFinite.clamp_max(now)));
    }
}
