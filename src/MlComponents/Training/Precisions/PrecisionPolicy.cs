using System.Runtime.InteropServices;

namespace MlComponents;

/// <summary>What a <see cref="TrainingPrecision"/> changes in a run. This one, for networks that compute in the type of their weights, changes nothing in a step.</summary>
internal class PrecisionPolicy
{
    /// <param name="networkType">Type of weights and inputs.</param>
    protected PrecisionPolicy(ScalarType networkType) => NetworkType = networkType;

    /// <summary>Type of the network's weights and inputs.</summary>
    public ScalarType NetworkType { get; }

    /// <summary>Type of the products that the network computes.</summary>
    protected virtual ScalarType ProductType => NetworkType;

    /// <summary>The policy of a precision, tried out on a product of two matrices.</summary>
    /// <exception cref="ArgumentException">The device or this libtorch doesn't have that precision.</exception>
    public static PrecisionPolicy Of(TrainingPrecision precision, Device device)
    {
        try
        {
            var policy = Create(precision, device.type);
            policy.TryOut(device);
            return policy;
        }
        catch (Exception e) when (e is EntryPointNotFoundException or NotSupportedException or ExternalException)
        {
            throw new ArgumentException(
                $"Precision is {precision}, which isn't available on {device} here: {e.Message.Split('\n')[0].TrimEnd('.')}. Use {nameof(TrainingPrecision.Float32)}.", nameof(precision), e);
        }
    }

    /// <summary>What the forward pass and the loss run inside.</summary>
    public virtual AutocastScope Autocast() => default;

    /// <summary>Runs a batch through a network, and computes its loss, inside <see cref="Autocast"/>.</summary>
    public ObjectiveStep Forward(Objective objective, nn.Module network, Batch batch)
    {
        using var autocast = Autocast();
        return objective.Step(network, batch);
    }

    /// <summary>The loss from which gradients are computed.</summary>
    public virtual Tensor Scale(Tensor loss) => loss;

    /// <summary>Makes of the gradients of <see cref="Scale"/>'s result those of the loss.</summary>
    /// <returns>False where they aren't finite because of the scale: the optimizer's step is left out then.</returns>
    public virtual bool Unscale(Gradients gradients) => true;

    /// <summary>Learns from what the last <see cref="Unscale"/> saw, once the step can't be undone.</summary>
    public virtual void Learn()
    {
    }

    /// <summary>Remembers what changes from step to step.</summary>
    public virtual void SaveState(ComponentState state)
    {
    }

    /// <summary>Goes on from what was remembered.</summary>
    /// <exception cref="InvalidDataException">It is that of another precision.</exception>
    public virtual void LoadState(ComponentState state)
    {
    }

    private static PrecisionPolicy Create(TrainingPrecision precision, DeviceType device) => precision switch
    {
        TrainingPrecision.BFloat16Mixed => new MixedPrecision(MlComponents.Autocast.OfThisProcess, device, ScalarType.BFloat16),
        TrainingPrecision.Float16Mixed => new ScaledPrecision(MlComponents.Autocast.OfThisProcess, device, ScalarType.Float16, new()),
        TrainingPrecision.BFloat16 => new PrecisionPolicy(ScalarType.BFloat16),
        _ => new PrecisionPolicy(ScalarType.Float32),
    };

    private void TryOut(Device device)
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();
        using var autocast = Autocast();

        var matrix = ones([2, 2], NetworkType, device);
        var product = matrix.matmul(matrix);
        if (product.dtype != ProductType || product[0, 0].to(ScalarType.Float32).item<float>() != 2)
            throw new NotSupportedException($"a product of matrices came out as {product.dtype} instead of {ProductType}");
    }
}
