using TorchSharp.Modules;

namespace MlComponents;

/// <summary>A block of <see cref="MixTransformer"/>: <c>y = x + attention(norm(x))</c>, then <c>y + mlp(norm(y))</c>, over maps [N, H, W, C].</summary>
internal sealed class MixTransformerBlock : nn.Module<Tensor, Tensor>
{
    /// <summary>Added to the variance by the blocks' and stages' layer normalization; that inside the attention and of the patches has PyTorch's 1e-5.</summary>
    public const double Epsilon = 1e-6;

    private const int Expansion = 4;

    private readonly nn.Module<Tensor, Tensor> norm1;
    private readonly ReducedAttention attn;
    private readonly nn.Module<Tensor, Tensor> norm2;
    private readonly MixFeedForward mlp;

    public MixTransformerBlock(long width, long heads, long reduction) : base(nameof(MixTransformerBlock))
    {
        norm1 = nn.LayerNorm(width, Epsilon);
        attn = new(width, heads, reduction);
        norm2 = nn.LayerNorm(width, Epsilon);
        mlp = new(width, Expansion * width);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();

        var y = x + attn.call(norm1.call(x));                              // [N, H, W, C]

        return (y + mlp.call(norm2.call(y))).MoveToOuterDisposeScope();    // [N, H, W, C]
    }
}

/// <summary>
/// Self-attention of several heads in which all positions ask and patches of reduction x reduction positions answer:
/// <c>softmax(q·kᵀ/√(C/heads))·v</c>.
/// </summary>
internal sealed class ReducedAttention : nn.Module<Tensor, Tensor>, IMatrixProducts
{
    private readonly Linear q;
    private readonly Linear kv;
    private readonly Linear proj;
    private readonly Conv2d? sr;
    private readonly nn.Module<Tensor, Tensor>? norm;
    private readonly long heads;

    public ReducedAttention(long width, long heads, long reduction) : base(nameof(ReducedAttention))
    {
        this.heads = heads;
        q = nn.Linear(width, width);
        kv = nn.Linear(width, 2 * width);
        proj = nn.Linear(width, width);
        if (reduction > 1)
        {
            sr = nn.Conv2d(width, width, reduction, stride: reduction);
            norm = nn.LayerNorm(width);
        }
        RegisterComponents();
    }

    long IMatrixProducts.MultiplyAdds(Func<nn.Module, IReadOnlyList<CallShapes>> calls) => calls(q).Zip(calls(kv), (ask, answer) =>
        MultiplyAdds.OfAttention(ask.Output[1] * ask.Output[2], answer.Output[1] * answer.Output[2], ask.Output[3])).Sum();

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();

        var patches = sr is null || norm is null ? x : norm.call(sr.call(x.permute(0, 3, 1, 2)).permute(0, 2, 3, 1));   // [N, H/r, W/r, C]
        var queries = Split(q.call(x));                                                                                 // [N, heads, HW, C/heads]
        var pair = kv.call(patches).chunk(2, dim: -1);
        var (keys, values) = (Split(pair[0]), Split(pair[1]));                                                          // [N, heads, HW/r², C/heads]
        var answers = nn.functional.scaled_dot_product_attention(queries, keys, values);                                // [N, heads, HW, C/heads]

        return proj.call(answers.transpose(1, 2).reshape(x.shape)).MoveToOuterDisposeScope();                           // [N, H, W, C]

        Tensor Split(Tensor map) => map.flatten(1, 2).unflatten(2, heads, -1).transpose(1, 2);
    }
}

/// <summary>The position-wise layers of a block, with a depthwise 3x3 convolution between them that also tells positions apart.</summary>
internal sealed class MixFeedForward : nn.Module<Tensor, Tensor>
{
    private readonly Linear fc1;
    private readonly Sequential dwconv;
    private readonly Linear fc2;

    public MixFeedForward(long width, long hidden) : base(nameof(MixFeedForward))
    {
        fc1 = nn.Linear(width, hidden);
        dwconv = nn.Sequential(("dwconv", nn.Conv2d(hidden, hidden, kernel_size: 3, padding: 1, groups: hidden)));
        fc2 = nn.Linear(hidden, width);
        RegisterComponents();
    }

    public override Tensor forward(Tensor x)
    {
        using var scope = NewDisposeScope();

        var maps = fc1.call(x).permute(0, 3, 1, 2);                           // [N, hidden, H, W]
        var mixed = nn.functional.gelu(dwconv.call(maps));                    // [N, hidden, H, W]

        return fc2.call(mixed.permute(0, 2, 3, 1)).MoveToOuterDisposeScope();  // [N, H, W, C]
    }
}
