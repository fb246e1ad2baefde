using TorchBatchNorm = TorchSharp.Modules.BatchNorm;

namespace MlComponents;

/// <summary>Computes the running statistics of batch norms anew, for weights that weren't trained but averaged.</summary>
internal static class BatchStatistics
{
    /// <summary>The batch norms of a network that keep running statistics.</summary>
    public static IEnumerable<nn.Module> LayersOf(nn.Module network) =>
        network.modules().Append(network).Distinct().Where(module => module is BatchNormLayer or TorchBatchNorm { track_running_stats: true });

    /// <summary>
    /// Gives every batch norm that is in train mode the plain mean of its statistics over some batches, each batch counting the same, as PyTorch's <c>update_bn</c> does.
    /// Everything else is in eval mode: dropout would make the statistics those of other activations than a prediction has, and would draw random numbers.
    /// </summary>
    /// <param name="network">The network, in the mode in which it learns; it ends in eval mode.</param>
    /// <param name="batches">The training rows.</param>
    /// <param name="forward">Runs a batch through the network.</param>
    public static void Recompute(nn.Module network, IEnumerable<Batch> batches, Action<Batch> forward)
    {
        using var scope = NewDisposeScope();
        using var mode = no_grad();

        var layers = LayersOf(network).Where(layer => layer.training).Select(layer => (Layer: layer, Momentum: GetMomentum(layer))).ToList();
        network.eval();
        try
        {
            foreach (var (layer, _) in layers)
            {
                layer.train();
                SetMomentum(layer, null);
                layer.state_dict()["num_batches_tracked"].zero_();   // what is mixed into the first batch's statistics then has a weight of 0
            }
            foreach (var batch in batches)
            {
                using var pass = NewDisposeScope();
                forward(batch);
            }
        }
        finally
        {
            foreach (var (layer, momentum) in layers)
                SetMomentum(layer, momentum);
            network.eval();
        }
    }

    private static double? GetMomentum(nn.Module layer) => layer is BatchNormLayer ours ? ours.Momentum : ((TorchBatchNorm)layer).momentum;

    private static void SetMomentum(nn.Module layer, double? value)
    {
        if (layer is BatchNormLayer ours)
            ours.Momentum = value;
        else
            ((TorchBatchNorm)layer).momentum = value;
    }
}
