using Microsoft.VisualStudio.TestTools.UnitTesting;

namespace MlComponents.TestKit;

/// <summary>Assertions about tensors: closeness in PyTorch's form, and how many tensors a piece of code leaves behind.</summary>
public static class TensorAssert
{
    /// <summary>Asserts |actual − expected| ≤ tolerance + tolerance·|expected| for every element, and equal shapes.</summary>
    public static void AreClose(Tensor expected, Tensor actual, double tolerance)
    {
        using var scope = NewDisposeScope();
        CollectionAssert.AreEqual(expected.shape, actual.shape,
            $"shape [{string.Join(", ", actual.shape)}] instead of [{string.Join(", ", expected.shape)}]");

        var e = expected.detach().cpu().to(ScalarType.Float64);
        var a = actual.detach().cpu().to(ScalarType.Float64);
        var excess = ((a - e).abs() - tolerance * e.abs()).max().item<double>();
        Assert.IsTrue(excess <= tolerance, $"largest difference beyond {tolerance}: {excess}\nexpected {e.ToString(TorchSharp.TensorStringStyle.Julia)}\nactual {a.ToString(TorchSharp.TensorStringStyle.Julia)}");
    }

    /// <summary>Asserts that a tensor of one element is close to a number.</summary>
    public static void AreClose(double expected, Tensor actual, double tolerance) =>
        Assert.AreEqual(expected, actual.detach().cpu().to(ScalarType.Float64).item<double>(), tolerance + tolerance * Math.Abs(expected));

    /// <summary>Tensors that live now, without those that earlier tests left to the garbage collector.</summary>
    public static long LiveCount()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return Tensor.TotalCount;
    }

    /// <summary>Asserts that <paramref name="action"/> leaves exactly <paramref name="count"/> tensors in the scope around it.</summary>
    public static void LeavesOnly(int count, Action action)
    {
        using var scope = NewDisposeScope();
        action();
        Assert.AreEqual(count, scope.DisposablesCount, "tensors left in the caller's scope");
    }

    /// <summary>Compares autograd's gradient of a scalar function with central differences, in float64.</summary>
    public static void GradientMatchesDifferences(Func<Tensor, Tensor> function, Tensor at, double step = 1e-6, double tolerance = 1e-6)
    {
        using var scope = NewDisposeScope();
        var x = at.detach().to(ScalarType.Float64).clone().requires_grad_();
        function(x).backward();
        var analytic = x.grad!.clone();

        var numeric = zeros_like(analytic);
        using (no_grad())
        {
            var flat = x.detach().clone().flatten();
            for (long i = 0; i < flat.numel(); i++)
            {
                var e = zeros_like(flat);
                e[i] = tensor(step, ScalarType.Float64);
                var up = function((flat + e).view(x.shape)).item<double>();
                var down = function((flat - e).view(x.shape)).item<double>();
                numeric.view(-1)[i] = tensor((up - down) / (2 * step), ScalarType.Float64);
            }
        }
        AreClose(numeric, analytic, tolerance);
    }
}
