namespace MlComponents;

/// <summary>Mixed precision whose narrow type would lose small gradients: they are computed from a scaled loss.</summary>
internal sealed class ScaledPrecision(Autocast autocast, DeviceType device, ScalarType type, GradientScaler scaler) : MixedPrecision(autocast, device, type)
{
    private bool isFinite;

    public override Tensor Scale(Tensor loss) => loss.Times(scaler.Scale);

    public override bool Unscale(Gradients gradients)
    {
        isFinite = gradients.DivideBy(scaler.Scale);
        return isFinite || scaler.IsSmallest;
    }

    public override void Learn() => scaler.Update(isFinite);

    public override void SaveState(ComponentState state) => scaler.SaveState(state);

    public override void LoadState(ComponentState state) => scaler.LoadState(state);
}
