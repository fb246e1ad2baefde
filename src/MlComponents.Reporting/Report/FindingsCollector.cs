namespace MlComponents.Reporting;

/// <summary>Makes findings of a validation's batches: sums of the rows' weights, a sample of fixed size and the worst rows, in .NET's memory.</summary>
internal sealed class FindingsCollector(HtmlReport options, Objective objective)
{
    private const int MostClasses = 1000;    // for which there is a confusion matrix, which grows by their square
    private const int MostCurves = 100;      // classes for which scores are counted
    private const int MostNumbers = 2000;    // rows whose numbers are kept
    private const int MostFeatures = 12;

    private readonly Random random = new(0);
    private readonly List<NumberPair> numbers = [];
    private readonly PriorityQueue<WorstExample, double> worst = new();   // the least bad one first
    private long rows;
    private double[]? confusion;   // weights, [C·C], a row per label
    private double[]? positives;   // weights, [C·bins], of the class's own rows
    private double[]? negatives;   // weights, [C·bins], of the others
    private int classes;
    private bool isWeighted;

    /// <summary>Adds a batch; one whose outputs and labels are of no kind that is known counts its rows alone.</summary>
    public void Add(ValidationBatch e)
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();

        var (output, label) = (e.Output.detach(), e.Batch.Label.detach());
        if (LogProbabilities(output, label) is { } logs)
            AddClasses(e.Batch, logs, label.to(ScalarType.Int64));
        else if (Predictions(output, label) is { } predicted)
            AddNumbers(e.Batch, predicted.to(ScalarType.Float64), label.to(ScalarType.Float64));
        rows += e.Batch.Count;
        isWeighted |= e.Batch.Weight is not null;
    }

    /// <summary>What was found.</summary>
    public ValidationFindings Finish(int epoch) => new()
    {
        Epoch = epoch, Rows = rows,
        Confusion = confusion?.Chunk(classes).ToList(),
        Scores = positives?.Chunk(ScoreHistogram.Bins).Zip(negatives!.Chunk(ScoreHistogram.Bins), (own, others) => new ScoreHistogram(own, others)).ToList(),
        Classes = classes, IsWeighted = isWeighted,
        Numbers = classes == 0 && numbers.Count > 0 ? numbers : null,
        Worst = [.. worst.UnorderedItems.Select(item => item.Element).OrderByDescending(example => example.Loss).ThenBy(example => example.Row)],
    };

    /// <summary>Logarithms of the classes' probabilities, [N, C, ...], or null where there are no classes.</summary>
    private Tensor? LogProbabilities(Tensor output, Tensor label)
    {
        if (output.dim() == label.dim() + 1 && output.shape[1] > 1 && label.dtype == ScalarType.Int64 && output.shape.AsSpan(2).SequenceEqual(label.shape.AsSpan(1)))
            return nn.functional.log_softmax(output, dim: 1);
        if (objective.Kind == TaskKind.Binary && output.shape.SequenceEqual(label.shape))
            return stack([nn.functional.logsigmoid(-output), nn.functional.logsigmoid(output)], dim: 1);
        return null;
    }

    /// <summary>The predicted number of each label, [N], the middle one of several quantiles; null where there isn't one.</summary>
    private static Tensor? Predictions(Tensor output, Tensor label) =>
        label.dim() != 1 || !label.is_floating_point() ? null
        : output.dim() == 1 ? output
        : output.dim() == 2 ? output.select(1, output.shape[1] / 2)
        : null;

    private void AddClasses(Batch batch, Tensor logs, Tensor label)
    {
        classes = (int)logs.shape[1];
        var isCounted = label.ge(0).logical_and(label.lt(classes));                                // [N, ...]
        if (objective.IgnoredLabel is { } ignored)
            isCounted = isCounted.logical_and(label.ne(ignored));
        var weight = isCounted.to(ScalarType.Float64);                                             // [N, ...]
        if (batch.Weight is { } ofRows)
        {
            weight = weight * ofRows.reshape([-1, .. Enumerable.Repeat(1L, (int)label.dim() - 1)]);
            isCounted = weight.gt(0);
        }
        var truth = label.clamp(0, classes - 1);                                                   // [N, ...]
        var predicted = logs.argmax(1);                                                            // [N, ...]
        if (classes <= MostClasses)
            Sum(ref confusion, truth * classes + predicted, weight, classes * classes);

        if (label.dim() == 1 && classes <= MostCurves)
        {
            var logOdds = logs - (-logs.exp()).log1p();                                            // [N, C]
            var bins = ScoreHistogram.BinOf(logOdds) + arange(classes, device: logs.device) * ScoreHistogram.Bins;
            var isOf = truth.unsqueeze(1).eq(arange(classes, device: logs.device));       // [N, C]
            Sum(ref positives, bins, weight.unsqueeze(1) * isOf, classes * ScoreHistogram.Bins);
            Sum(ref negatives, bins, weight.unsqueeze(1) * isOf.logical_not(), classes * ScoreHistogram.Bins);
        }

        var losses = -logs.gather(1, truth.unsqueeze(1)).squeeze(1).masked_fill(isCounted.logical_not(), 0);   // [N, ...]
        var isPerRow = label.dim() == 1;
        if (!isPerRow)
            losses = losses.flatten(1).sum(1) / isCounted.flatten(1).sum(1).clamp(min: 1);         // [N]
        Offer(batch, losses.to(ScalarType.Float64), isPerRow ? truth : null, isPerRow ? predicted : null, isOfClasses: true);
    }

    private void AddNumbers(Batch batch, Tensor predicted, Tensor label)
    {
        var pairs = Values(label).Zip(Values(predicted), (truth, number) => new NumberPair(truth, number));
        var seen = rows;
        foreach (var pair in pairs)   // a sample in which every row has the same chance
        {
            seen++;
            if (numbers.Count < MostNumbers)
                numbers.Add(pair);
            else if (random.NextInt64(seen) is var place and < MostNumbers)
                numbers[(int)place] = pair;
        }
        Offer(batch, (predicted - label).abs(), label, predicted, isOfClasses: false);
    }

    /// <summary>Keeps those rows that are among the worst so far.</summary>
    private void Offer(Batch batch, Tensor losses, Tensor? truth, Tensor? predicted, bool isOfClasses)
    {
        if (options.WorstExamples == 0)
            return;
        var (largest, places) = losses.nan_to_num(double.PositiveInfinity).topk((int)Math.Min(options.WorstExamples, batch.Count));
        foreach (var (loss, place) in Values(largest).Zip(places.cpu().data<long>().ToArray()))
        {
            if (worst.Count == options.WorstExamples && loss <= worst.Peek().Loss)
                break;
            var (picture, features) = Shown(batch.Features[place]);
            worst.Enqueue(new(rows + place + 1, At(truth), At(predicted), isOfClasses && truth is not null ? Math.Exp(-loss) : null, loss, picture, features), loss);
            if (worst.Count > options.WorstExamples)
                worst.Dequeue();

            double? At(Tensor? values) => values is null ? null : Values(values[place].reshape(1))[0];
        }
    }

    private (byte[]? Picture, double[]? Features) Shown(Tensor features)
    {
        if (options.ImageShape is { } shape && features.numel() == shape.Aggregate(1L, (product, size) => product * size))
            features = features.reshape([.. shape]);
        if (FeaturePicture.Fits(features.shape))
            return (FeaturePicture.Png(features.cpu()), null);
        var flat = features.flatten();
        return (null, Values(flat.narrow(0, 0, Math.Min(MostFeatures, flat.numel()))));
    }

    private static double[] Values(Tensor x) => x.to(ScalarType.Float64).cpu().contiguous().data<double>().ToArray();

    private static void Sum(ref double[]? sums, Tensor cells, Tensor weights, int length)
    {
        sums ??= new double[length];
        var added = cells.flatten().bincount(weights.flatten(), length).cpu().data<double>();
        for (var i = 0; i < length; i++)
            sums[i] += added[i];
    }
}
