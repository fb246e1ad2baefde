using Google.Protobuf;
using Tensorboard;

namespace MlComponents;

/// <summary>Writes what TensorBoard shows of one run: an event file in a folder, beside those of earlier parts of the run.</summary>
/// <remarks>
/// <para>What is written waits in memory and goes to the disk from another thread, so that a call takes microseconds. Where the disk fails, nothing is thrown: the file ends, and <see cref="Error"/> says why.
/// It may be used from several threads.</para>
/// <para>Scalars, histograms and images are written in the form that all versions of TensorBoard and its other readers understand (<c>simple_value</c>, <c>histo</c>, <c>image</c>), which TensorBoard turns into
/// its newer one when it reads; texts, curves and hyper-parameters, which have no older form, as tensors of their plugins.</para>
/// <para>TorchSharp's own <c>SummaryWriter</c> isn't used: it opens the file for each value on the caller's thread, throws where the disk is full, writes no wall time that a chart could show, and has neither graphs nor
/// hyper-parameters nor curves. Its classes of TensorBoard's messages are.</para>
/// </remarks>
public sealed class TensorBoardWriter : IDisposable
{
    /// <summary>Thresholds of a precision/recall curve unless it is said otherwise: 0, 0.005, …, 1.</summary>
    public const int DefaultThresholds = 201;

    private readonly EventFile file;

    /// <summary>Begins an event file.</summary>
    /// <param name="folder">Of the run; it is created with the first events that are written. The name that TensorBoard shows is its path below the folder that TensorBoard is given.</param>
    /// <param name="firstStep">
    /// The first step that is going to be written, at least 0: what earlier files in the folder have of this step and later ones isn't shown any more. A run that goes on after step 100 gives 101, one that begins anew 0.
    /// </param>
    /// <param name="flushSeconds">Seconds for which a value waits at most before it is written, at least 1.</param>
    /// <param name="clock">The time of what is written. Null: the system's.</param>
    public TensorBoardWriter(string folder, long firstStep = 0, int flushSeconds = 10, TimeProvider? clock = null) : this(folder, firstStep, flushSeconds, clock, open: null) { }

    /// <param name="folder">The folder.</param>
    /// <param name="firstStep">The first step.</param>
    /// <param name="flushSeconds">Seconds between two writes.</param>
    /// <param name="clock">The time.</param>
    /// <param name="open">Opens the file. Null: on the disk.</param>
    internal TensorBoardWriter(string folder, long firstStep, int flushSeconds, TimeProvider? clock, Func<string, Stream>? open)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        ArgumentOutOfRangeException.ThrowIfNegative(firstStep);
        ArgumentOutOfRangeException.ThrowIfLessThan(flushSeconds, 1);
        Folder = Path.GetFullPath(folder);
        file = new EventFile(Folder, firstStep, TimeSpan.FromSeconds(flushSeconds), clock ?? TimeProvider.System, open);
    }

    /// <summary>The folder, in full.</summary>
    public string Folder { get; }

    /// <summary>What the disk said when it failed, from when on nothing is written; null while all is well.</summary>
    public Exception? Error => file.Error;

    /// <summary>Whether the folder had no event file before.</summary>
    internal bool IsFirst => file.IsFirst;

    /// <summary>Writes a number, as float32: a point of the chart <paramref name="tag"/>.</summary>
    /// <param name="tag">Name of the chart; what stands before the first slash groups charts.</param>
    /// <param name="value">The number; NaN and infinity are allowed.</param>
    /// <param name="step">The step, at least 0.</param>
    public void Scalar(string tag, double value, long step) => Add(new() { Tag = Checked(tag), SimpleValue = (float)value }, step);

    /// <summary>Writes the distribution of a tensor's finite numbers: smallest, largest, sum, sum of squares, and counts in 64 buckets of equal width. Nothing where there are none.</summary>
    /// <param name="tag">Name of the chart.</param>
    /// <param name="values">Numbers of any shape, dtype and device; they are read before this returns.</param>
    /// <param name="step">The step, at least 0.</param>
    public void Histogram(string tag, Tensor values, long step)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (HistogramBuckets.Of(values) is { } histogram)
            Add(new() { Tag = Checked(tag), Histo = histogram }, step);
    }

    /// <summary>Writes a picture, as PNG.</summary>
    /// <param name="tag">Name of the picture, whose steps are shown by a slider.</param>
    /// <param name="image">[C, H, W] with 1 channel (grey), 3 (RGB) or 4 (RGBA): uint8, or floating-point numbers from 0 to 1, beyond which they are cut off; NaN is 0.</param>
    /// <param name="step">The step, at least 0.</param>
    /// <param name="description">What TensorBoard shows with the picture, as Markdown; that of the tag's first picture stays.</param>
    /// <exception cref="ArgumentException">It isn't such a tensor.</exception>
    public void Image(string tag, Tensor image, long step, string description = "")
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(description);
        if (image.shape is not [1 or 3 or 4, > 0, > 0] || image.dtype != ScalarType.Byte && !image.is_floating_point())
            throw new ArgumentException(
                $"The picture has the shape {Shown.Shape(image.shape)} and the dtype {image.dtype}; it must be [C, H, W] with 1, 3 or 4 channels, of uint8 or floating-point numbers from 0 to 1.", nameof(image));
        using var scope = NewDisposeScope();
        using var guard = no_grad();

        var pixels = image.dtype == ScalarType.Byte ? image : image.detach().to(ScalarType.Float32).nan_to_num(0, 1, 0).clamp(0, 1).Times(255).round().to(ScalarType.Byte);
        var value = new Summary.Types.Value
        {
            Tag = Checked(tag),
            Image = new() { Height = (int)image.shape[1], Width = (int)image.shape[2], Colorspace = (int)image.shape[0], EncodedImageString = ByteString.CopyFrom(PngImage.Encode(pixels.cpu())) },
        };
        if (description.Length > 0)
            value.Metadata = new() { DisplayName = tag, SummaryDescription = description, DataClass = DataClass.BlobSequence, PluginData = new() { PluginName = "images" } };
        Add(value, step);
    }

    /// <summary>Writes a text.</summary>
    /// <param name="tag">Name of the text.</param>
    /// <param name="markdown">The text, in Markdown.</param>
    /// <param name="step">The step, at least 0.</param>
    public void Text(string tag, string markdown, long step)
    {
        ArgumentNullException.ThrowIfNull(markdown);
        var text = new TensorProto { Dtype = DataType.DtString, TensorShape = Shape(1) };
        text.StringVal.Add(ByteString.CopyFromUtf8(markdown));
        Add(Value(Checked(tag), "text", ByteString.Empty, text), step);
    }

    /// <summary>Writes the graph of a network, which a run has once: its modules with the shapes of what they make, and how they feed one another in a pass of one example.</summary>
    /// <param name="definition">What to build, on the CPU.</param>
    /// <param name="context">Shapes and outputs.</param>
    /// <exception cref="ArgumentException">The network can't take such examples, or takes more than two inputs.</exception>
    public void Graph(NetworkDefinition definition, NetworkContext context)
    {
        ArgumentNullException.ThrowIfNull(definition);
        ArgumentNullException.ThrowIfNull(context);
        Add(NetworkDescriber.Look(definition, context, (network, inputs) => NetworkGraph.Of(network, inputs, definition.InputNames)));
    }

    /// <summary>Writes the graph of a module that is there, by a pass in the mode in which it is.</summary>
    /// <param name="network">On the CPU.</param>
    /// <param name="inputs">One or two tensors on the CPU, each with the batch as its first dimension.</param>
    /// <exception cref="ArgumentException">The module doesn't go from that many tensors to one, or something isn't on the CPU.</exception>
    public void Graph(nn.Module network, params Tensor[] inputs)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(inputs);
        if (inputs.Concat(network.parameters()).FirstOrDefault(tensor => tensor.device_type != DeviceType.CPU) is { } elsewhere)
            throw new ArgumentException($"A graph is drawn from a pass on the CPU, but there is a tensor on {elsewhere.device}: move the network and its inputs to the CPU.", nameof(network));
        Add(NetworkGraph.Of(network, inputs, [.. inputs.Select((_, i) => i == 0 ? "input" : $"input_{i}")]));
    }

    /// <summary>Writes the precision/recall curve of one class at thresholds of equal distance from 0 to 1: at each the counts, precision <c>TP/(TP + FP)</c> and recall <c>TP/(TP + FN)</c> of saying yes where a probability is at least the threshold.</summary>
    /// <param name="tag">Name of the curve.</param>
    /// <param name="labels">Whether a row is of the class, [N]: bool, or 0 and 1.</param>
    /// <param name="probabilities">Probability of the class, [N], from 0 to 1.</param>
    /// <param name="step">The step, at least 0.</param>
    /// <param name="thresholds">Number of thresholds, at least 2. Default: 201.</param>
    /// <param name="weights">What each row counts, [N]; null: 1.</param>
    /// <exception cref="ArgumentException">The tensors aren't vectors of one length.</exception>
    public void PrecisionRecallCurve(string tag, Tensor labels, Tensor probabilities, long step, int thresholds = DefaultThresholds, Tensor? weights = null)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(probabilities);
        ArgumentOutOfRangeException.ThrowIfLessThan(thresholds, 2);
        foreach (var vector in new[] { labels, probabilities, weights ?? labels })
            if (vector.dim() != 1 || vector.shape[0] != labels.shape[0])
                throw new ArgumentException($"A curve is of vectors of one length, but there is one of shape {Shown.Shape(vector.shape)} beside labels of shape {Shown.Shape(labels.shape)}.", nameof(labels));
        using var scope = NewDisposeScope();

        using var counts = new ThresholdCounts(thresholds);
        counts.Add(probabilities.nan_to_num(0, 1, 0).clamp(0, 1).unsqueeze(1), labels.to(ScalarType.Bool).unsqueeze(1), weights ?? ones_like(labels, ScalarType.Float64));
        PrecisionRecallCurve(tag, counts.Curve(0), step);
    }

    /// <summary>Writes a curve that was counted already.</summary>
    internal void PrecisionRecallCurve(string tag, PrecisionRecallCurve curve, long step)
    {
        const double Tiny = 1e-7;   // TensorBoard's: where nothing is called positive the precision is 1
        PrecisionRecallPoint[] points = [.. curve.Points.SkipLast(1)];   // the last is that of no threshold
        var (positives, negatives) = (points[0].TruePositives, points[0].FalsePositives);
        Func<PrecisionRecallPoint, double>[] rows =
        [
            point => point.TruePositives, point => point.FalsePositives, point => negatives - point.FalsePositives, point => positives - point.TruePositives,
            point => Math.Max(Tiny, point.TruePositives) / Math.Max(Tiny, point.TruePositives + point.FalsePositives), point => point.TruePositives / Math.Max(Tiny, positives),
        ];
        var tensor = new TensorProto { Dtype = DataType.DtFloat, TensorShape = Shape(rows.Length, points.Length) };
        foreach (var row in rows)
            tensor.FloatVal.AddRange(points.Select(point => (float)row(point)));
        Add(Value(Checked(tag), "pr_curves", HyperParameterMessages.Number(2, points.Length), tensor), step);   // PrCurvePluginData.num_thresholds
    }

    /// <summary>Writes the run's row of the table of hyper-parameters, once and before <see cref="EndSession"/>.</summary>
    /// <param name="values">Values by name: numbers, booleans, or texts, as which anything else is written.</param>
    /// <param name="metrics">Which scalars are columns beside them: <c>validation/loss</c> is the tag <c>loss</c> in the folder <c>validation</c> of this one, a name without a slash a tag of this run itself.</param>
    public void HyperParameters(IReadOnlyDictionary<string, object?> values, IEnumerable<string> metrics)
    {
        ArgumentNullException.ThrowIfNull(values);
        ArgumentNullException.ThrowIfNull(metrics);
        AddSession("experiment", HyperParameterMessages.Experiment(values, metrics, file.Now));
        AddSession("session_start_info", HyperParameterMessages.SessionStart(values, file.Now));
    }

    /// <summary>Says in the table of hyper-parameters how the run ended; without it a run is shown as one that goes on.</summary>
    /// <param name="succeeded">Whether it came to its end.</param>
    public void EndSession(bool succeeded) => AddSession("session_end_info", HyperParameterMessages.SessionEnd(succeeded, file.Now));

    /// <summary>Writes what waits.</summary>
    public void Flush() => file.Flush();

    /// <summary>Writes what waits, and ends the file.</summary>
    public void Dispose() => file.Dispose();

    private static string Checked(string tag)
    {
        ArgumentException.ThrowIfNullOrEmpty(tag);
        return tag;
    }

    private static TensorShapeProto Shape(params ReadOnlySpan<long> sizes)
    {
        var shape = new TensorShapeProto();
        foreach (var size in sizes)
            shape.Dim.Add(new TensorShapeProto.Types.Dim { Size = size });
        return shape;
    }

    private static Summary.Types.Value Value(string tag, string plugin, ByteString content, TensorProto tensor) => new()
    {
        Tag = tag, Tensor = tensor,
        Metadata = new() { DisplayName = tag, DataClass = DataClass.Tensor, PluginData = new() { PluginName = plugin, Content = content } },
    };

    /// <summary>All that is told is in the metadata; the tensor is one that readers expect to be there.</summary>
    private void AddSession(string name, ByteString content)
    {
        var nothing = new TensorProto { Dtype = DataType.DtFloat, TensorShape = Shape(1) };
        nothing.FloatVal.Add(0);
        Add(Value($"_hparams_/{name}", "hparams", content, nothing), step: 0);
    }

    private void Add(GraphDef graph) => file.Add(new Event { GraphDef = graph.ToByteString() });

    private void Add(Summary.Types.Value value, long step)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(step);
        file.Add(new Event { Step = step, Summary = new() { Value = { value } } });
    }
}
