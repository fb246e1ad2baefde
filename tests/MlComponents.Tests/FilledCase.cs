using System.Text.Json;
using MlComponents.Tests.Networks;

namespace MlComponents.Tests;

/// <summary>A case of a fixture whose weights are filled from its seed: runs it and compares all that PyTorch wrote down.</summary>
internal static class FilledCase
{
    /// <summary>Asserts that output, gradients and buffers of a module are PyTorch's.</summary>
    /// <param name="module">As the case describes it; it is filled here.</param>
    /// <param name="case">With seed, train, input, upstream, output, inputGradient, gradients and buffers.</param>
    public static void AreEqual(nn.Module module, JsonElement @case)
    {
        using var scope = NewDisposeScope();
        NetworkFilling.Fill(module, @case.GetProperty("seed").GetInt64());
        var x = @case.Tensor("input").requires_grad_();
        module.to(x.dtype);
        module.train(@case.GetProperty("train").GetBoolean());

        var y = ((nn.Module<Tensor, Tensor>)module).call(x);
        (y * @case.Tensor("upstream")).sum().backward();

        var tolerance = Fixture.Tolerance(x);
        TensorAssert.AreClose(@case.Tensor("output"), y, tolerance);
        TensorAssert.AreClose(@case.Tensor("inputGradient"), x.grad!, tolerance);
        var parameters = module.named_parameters().ToDictionary(pair => pair.name, pair => pair.parameter);
        var gradients = @case.Tensors("gradients");
        CollectionAssert.AreEquivalent(gradients.Keys, parameters.Keys);
        foreach (var (key, expected) in gradients)
            TensorAssert.AreClose(expected, parameters[key].grad!, tolerance);
        foreach (var (key, expected) in @case.Tensors("buffers"))
            TensorAssert.AreClose(expected, module.state_dict()[key], tolerance);
    }
}
