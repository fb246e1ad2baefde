using TorchSharp.Modules;

namespace MlComponents;

/// <summary>A <see cref="TransformerClassifier"/> for rows of a table: [N, F] to [N, Outputs].</summary>
internal sealed class TableTransformerModule : nn.Module<Tensor, Tensor>
{
    private readonly ColumnTokenizer tokenizer;
    private readonly Parameter cls;              // [Width]
    private readonly Sequential blocks;
    private readonly nn.Module<Tensor, Tensor> norm;
    private readonly Linear head;
    private readonly long columns;

    public TableTransformerModule(TransformerClassifier options, long columns, long outputs) : base(nameof(TableTransformerModule))
    {
        this.columns = columns;
        tokenizer = new ColumnTokenizer(columns - options.Categories.Count, options.Categories, options.Width);
        cls = Weights.Of(ColumnTokenizer.Draw(options.Width, options.Width));
        blocks = nn.Sequential(Enumerable.Range(0, options.Blocks).Select(_ => options.Block(ofTable: true).Create(options.Width)));
        norm = options.Normalization.Create(options.Width, dimensions: 0);
        head = nn.Linear(options.Width, outputs);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        LayerShapes.CheckExamples(nameof(TransformerClassifier), x, columns);
        using var scope = NewDisposeScope();

        var first = cls.expand(x.shape[0], 1, -1);                              // [N, 1, Width]
        var tokens = cat([first, tokenizer.call(x)], dim: 1);                   // [N, 1 + F, Width]
        var gathered = blocks.call(tokens).select(1, 0);                        // [N, Width]

        return head.call(nn.functional.relu(norm.call(gathered))).MoveToOuterDisposeScope();   // [N, Outputs]
    }
}

/// <summary>Columns to tokens: numbers <c>x·w + b</c>, categories <c>e[x] + b</c>, each with its own w, e and b. [N, F] to [N, F, Width].</summary>
internal sealed class ColumnTokenizer : nn.Module<Tensor, Tensor>, IMatrixProducts
{
    private readonly Parameter weight;           // [numbers, Width]
    private readonly Parameter bias;             // [F, Width]
    private readonly Embedding? embedding;       // [sum of categories, Width]
    private readonly Tensor? offsets;            // [category columns], where each column's rows of the embedding begin
    private readonly Tensor? counts;             // [category columns]
    private readonly long numbers;

    public ColumnTokenizer(long numbers, IReadOnlyList<int> categories, long width) : base(nameof(ColumnTokenizer))
    {
        this.numbers = numbers;
        weight = Weights.Of(Draw(width, numbers, width));
        bias = Weights.Of(Draw(width, numbers + categories.Count, width));
        if (categories.Count > 0)
        {
            embedding = nn.Embedding(categories.Sum(count => (long)count), width);
            using (no_grad())
                embedding.weight!.copy_(Draw(width, embedding.weight.shape));
            counts = tensor(categories.Select(count => (long)count).ToArray()).DetachFromDisposeScope();
            offsets = (counts.cumsum(0) - counts).DetachFromDisposeScope();
            register_buffer(nameof(counts), counts);
            register_buffer(nameof(offsets), offsets);
        }
        RegisterComponents();
    }

    // A linear layer of one input for each column of numbers.
    long IMatrixProducts.MultiplyAdds(Func<nn.Module, IReadOnlyList<CallShapes>> calls) => calls(this).Count * weight.numel();

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();

        var tokens = x.narrow(1, 0, numbers).unsqueeze(-1) * weight;            // [N, numbers, Width]
        if (embedding is not null)
        {
            var index = TokenNumbers.Of(x.narrow(1, numbers, x.shape[1] - numbers), counts!);   // [N, categories]
            tokens = cat([tokens, embedding.call(index + offsets!)], dim: 1);   // [N, F, Width]
        }

        return (tokens + bias).MoveToOuterDisposeScope();                       // [N, F, Width]
    }

    /// <summary>Uniform in ±1/√width, as the paper starts its tokens.</summary>
    public static Tensor Draw(long width, params long[] shape)
    {
        var bound = 1 / Math.Sqrt(width);
        return empty(shape).uniform_(-bound, bound);
    }
}
