using TorchSharp.Modules;

namespace MlComponents;

/// <summary>A <see cref="TransformerClassifier"/> for sequences: [N, L, C] or [N, L] to [N, Outputs].</summary>
internal sealed class SequenceTransformerModule : nn.Module<Tensor, Tensor>
{
    private readonly nn.Module<Tensor, Tensor> embed;
    private readonly Parameter position;         // [L, Width]
    private readonly nn.Module<Tensor, Tensor> dropout;
    private readonly ModuleList<TransformerEncoderBlockLayer> blocks;
    private readonly nn.Module<Tensor, Tensor> norm;
    private readonly Linear head;
    private readonly long? vocabulary;
    private readonly long? padding;
    private readonly long[] shape;               // of one example

    public SequenceTransformerModule(TransformerClassifier options, long[] shape, nn.Module<Tensor, Tensor> embedding, long outputs) : base(nameof(SequenceTransformerModule))
    {
        this.shape = shape;
        embed = embedding;
        position = Weights.Of(0.02 * randn(shape[0], options.Width));
        dropout = nn.Dropout(options.Dropout);
        blocks = nn.ModuleList([.. Enumerable.Range(0, options.Blocks).Select(_ => options.Block(ofTable: false).Create(options.Width))]);
        norm = options.Normalization.Create(options.Width, dimensions: 0);
        head = nn.Linear(options.Width, outputs);
        vocabulary = options.Vocabulary;
        padding = options.Padding;
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        LayerShapes.CheckExamples(nameof(TransformerClassifier), x, shape);
        using var scope = NewDisposeScope();

        var input = vocabulary is null ? x : TokenNumbers.Of(x, tensor(vocabulary.Value, device: x.device));   // [N, L, C] or [N, L]
        var isPadding = padding is null ? null : input.eq(padding.Value);       // [N, L]
        var attended = isPadding is null ? null : AllButOne(isPadding);         // [N, L]
        var tokens = dropout.call(embed.call(input) + position);                // [N, L, Width]
        foreach (var block in blocks)
            tokens = block.Encode(tokens, attended);                            // [N, L, Width]
        var mean = Mean(norm.call(tokens), isPadding);                          // [N, Width]

        return head.call(mean).MoveToOuterDisposeScope();                       // [N, Outputs]
    }

    /// <summary>The softmax of no token at all would be NaN, so of an empty sequence the first token counts.</summary>
    private static Tensor AllButOne(Tensor isPadding)
    {
        var first = zeros_like(isPadding).index_fill_(1, zeros(1, ScalarType.Int64, isPadding.device), 1);
        return isPadding.logical_and(isPadding.all(1, keepdim: true).logical_and(first).logical_not());
    }

    private static Tensor Mean(Tensor tokens, Tensor? isPadding)
    {
        if (isPadding is null)
            return tokens.mean([1]);

        var counts = isPadding.logical_not().unsqueeze(-1).to(tokens.dtype);    // [N, L, 1]
        return (tokens * counts).sum(1) / counts.sum(1).clamp_min(1);
    }
}
