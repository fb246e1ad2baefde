using System.ComponentModel.DataAnnotations;

namespace MlComponents;

/// <summary>
/// A transformer for rows of a table, [F], for sequences of L steps with C numbers each, [L, C], and for sequences of L token numbers, [L] with a
/// <see cref="Vocabulary"/>. Its outputs are the classes' scores, or whatever numbers the task asks for.
/// </summary>
/// <remarks>
/// For a table it is the FT-Transformer (Gorishniy et al., arXiv 2106.11959, section 3.3): each column becomes a token <c>x·w + b</c>, a category's
/// token is an embedding, a CLS token in front gathers what the head reads, and the blocks gate their units by ReLU. For a sequence each step becomes a
/// token by a linear layer, each token number by an embedding, and a learned position is added; the head reads the mean of the tokens. Numbers should be
/// normalized. State-dict keys: <c>tokenizer</c> and <c>cls</c>, or <c>embed</c> and <c>position</c>; <c>blocks.0.attention</c> and so on
/// (<see cref="TransformerEncoderBlock"/>), <c>norm</c>, <c>head</c>.
/// </remarks>
public sealed record TransformerClassifier : NetworkDefinition, IValidatableObject
{
    /// <summary>Channels of a token, which the heads must divide. At least 1; default 192.</summary>
    [Range(1, int.MaxValue)]
    public int Width { get; init; } = 192;

    /// <summary>Blocks. At least 1; default 3.</summary>
    [Range(1, int.MaxValue)]
    public int Blocks { get; init; } = 3;

    /// <summary>Heads of each attention. At least 1; default 8.</summary>
    [Range(1, int.MaxValue)]
    public int Heads { get; init; } = 8;

    /// <summary>Units between a block's linear layers. At least 1; null, the default: four thirds of the width for tables, four times the width for sequences.</summary>
    [Range(1, int.MaxValue)]
    public int? Hidden { get; init; }

    /// <summary>Probability with which a block's units and the numbers that it adds are zeroed in training. At least 0 and below 1; default 0.1.</summary>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double Dropout { get; init; } = 0.1;

    /// <summary>Probability with which an attention weight is zeroed in training. At least 0 and below 1; default 0.2.</summary>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double AttentionDropout { get; init; } = 0.2;

    /// <summary>The normalization of each token's channels. Default: <see cref="LayerNorm"/>.</summary>
    public NormalizationDefinition Normalization { get; init; } = new LayerNorm();

    /// <summary>Number of different tokens where an example is a sequence of token numbers, each at least 0 and below it. At least 1; null, the default: examples are numbers.</summary>
    [Range(1, int.MaxValue)]
    public int? Vocabulary { get; init; }

    /// <summary>The token number that stands for no token, with which short sequences are filled up: nobody attends to it. At least 0; null, the default: none.</summary>
    [Range(0, int.MaxValue)]
    public int? Padding { get; init; }

    /// <summary>How many categories each of the last columns of a table has, each at least 1: such a column holds a number from 0 to below it. Default: none, every column is a number.</summary>
    [ElementRange(1, int.MaxValue)]
    public IReadOnlyList<int> Categories { get; init; } = [];

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The examples are neither [F] nor [L, C], or don't fit the categories or the vocabulary.</exception>
    public override nn.Module Create(NetworkContext context)
    {
        ArgumentNullException.ThrowIfNull(context);
        TokenNumbers.CheckType(context.DType, Categories.Append(Vocabulary ?? 0).Max());
        long[] shape = [.. InputShape ?? context.InputShape];
        return (shape, Vocabulary) switch
        {
            ([_], { } vocabulary) => new SequenceTransformerModule(this, shape, nn.Embedding(vocabulary, Width), context.Outputs),
            ([var columns], null) when columns >= Categories.Count => new TableTransformerModule(this, columns, context.Outputs),
            ([var columns], null) => throw new ArgumentException(
                $"TransformerClassifier has {Categories.Count} columns of categories, but examples have only {columns} columns: name at most {columns} in Categories."),
            ([_, var channels], null) when Categories.Count == 0 => new SequenceTransformerModule(this, shape, nn.Linear(channels, Width), context.Outputs),
            _ => throw new ArgumentException(
                $"TransformerClassifier takes rows of a table, [F], sequences of numbers, [L, C], or with a Vocabulary sequences of token numbers, [L]; these examples have the shape "
                + $"{Shown.Shape(shape)}{(Vocabulary is null ? "" : " and a Vocabulary is given")}{(Categories.Count == 0 ? "" : " and Categories are given")}: set InputShape, or drop what doesn't belong."),
        };
    }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Width % Heads != 0)
            yield return new ValidationResult($"Width is {Width}, which {Heads} heads don't divide evenly; allowed are multiples of {Heads}.");
        if (Padding is { } padding && (Vocabulary is not { } vocabulary || padding >= vocabulary))
            yield return new ValidationResult($"Padding is {padding}; allowed are numbers below the Vocabulary, which is {Vocabulary?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "not given"}.");
        if (Categories.Count > 0 && Vocabulary is not null)
            yield return new ValidationResult("Categories are columns of a table, and a Vocabulary belongs to sequences; give one of them.");
    }

    internal TransformerEncoderBlock Block(bool ofTable) => new()
    {
        Heads = Heads,
        Hidden = Hidden ?? (ofTable ? Math.Max(1, 4 * Width / 3) : 4 * Width),
        Activation = ofTable ? Activation.Relu : Activation.Gelu,
        Gated = ofTable,
        Dropout = Dropout,
        AttentionDropout = AttentionDropout,
        Normalization = Normalization,
    };
}
