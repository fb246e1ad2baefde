namespace MlComponents;

/// <summary>Weights in float32, products in a narrower type by libtorch's autocast (Micikevicius et al., arXiv 1710.03740).</summary>
internal class MixedPrecision(Autocast autocast, DeviceType device, ScalarType type) : PrecisionPolicy(ScalarType.Float32)
{
    protected sealed override ScalarType ProductType => type;

    public sealed override AutocastScope Autocast() => autocast.Enter(device, type);
}
