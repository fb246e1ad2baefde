using TorchSharp.Modules;

namespace MlComponents.Benchmarks.Training;

/// <summary>Optimizers as one writes them where TorchSharp has none: a loop over the parameters, an operation a line.</summary>
internal static class PlainOptimizers
{
    public static Action Lion(Parameter[] parameters)
    {
        Tensor[] means = [.. parameters.Select(parameter => zeros_like(parameter))];
        return () =>
        {
            using var mode = no_grad();
            foreach (var (parameter, mean) in parameters.Zip(means))
            {
                var gradient = parameter.grad!;
                parameter.sub_(1e-4 * (0.9 * mean + 0.1 * gradient).sign());
                mean.mul_(0.99).add_(gradient, 0.01);
            }
        };
    }

    public static Action Lamb(Parameter[] parameters)
    {
        Tensor[] means = [.. parameters.Select(parameter => zeros_like(parameter))], squares = [.. parameters.Select(parameter => zeros_like(parameter))];
        var count = 0;
        return () =>
        {
            using var mode = no_grad();
            count++;
            foreach (var (parameter, mean, square) in parameters.Zip(means, squares))
            {
                var gradient = parameter.grad!;
                mean.mul_(0.9).add_(gradient, 0.1);
                square.mul_(0.999).addcmul_(gradient, gradient, 0.001);
                var update = mean / (1 - Math.Pow(0.9, count)) / ((square / (1 - Math.Pow(0.999, count))).sqrt() + 1e-6) + 0.01 * parameter;
                var (size, length) = (parameter.norm(), update.norm());
                parameter.sub_(1e-3 * where((size > 0).logical_and(length > 0), size / length, ones_like(size)) * update);
            }
        };
    }
}
