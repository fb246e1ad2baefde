namespace MlComponents;

/// <summary>libtorch's operations on lists of tensors, one call for a whole network, which TorchSharp has only through TorchScript.</summary>
internal static class TensorLists
{
    // Each function returns a tensor because TorchSharp takes no other kind of end.
    private const string Script = """
        def adam(parameters: List[Tensor], gradients: List[Tensor], means: List[Tensor], squares: List[Tensor], steps: List[Tensor],
                 rate: float, beta1: float, beta2: float, epsilon: float, decay: float) -> Tensor:
            largest: List[Tensor] = []
            torch._foreach_add_(steps, 1)
            torch._fused_adam_(parameters, gradients, means, squares, largest, steps, lr=rate, beta1=beta1, beta2=beta2,
                               weight_decay=decay, eps=epsilon, amsgrad=False, maximize=False)
            return steps[0]

        def adamw(parameters: List[Tensor], gradients: List[Tensor], means: List[Tensor], squares: List[Tensor], steps: List[Tensor],
                  rate: float, beta1: float, beta2: float, epsilon: float, decay: float) -> Tensor:
            largest: List[Tensor] = []
            torch._foreach_add_(steps, 1)
            torch._fused_adamw_(parameters, gradients, means, squares, largest, steps, lr=rate, beta1=beta1, beta2=beta2,
                                weight_decay=decay, eps=epsilon, amsgrad=False, maximize=False)
            return steps[0]

        def sgd(parameters: List[Tensor], gradients: List[Tensor], velocities: List[Tensor],
                rate: float, momentum: float, decay: float, nesterov: bool) -> Tensor:
            torch._fused_sgd_(parameters, gradients, velocities, weight_decay=decay, momentum=momentum, lr=rate, dampening=0.0,
                              nesterov=nesterov, maximize=False, is_first_step=False)
            return parameters[0]

        def norm(tensors: List[Tensor]) -> Tensor:
            half = tensors[0].dtype == 5 or tensors[0].dtype == 15   # float16, bfloat16: a norm of these would be one of 3 digits
            return torch.linalg_vector_norm(torch.stack(torch._foreach_norm(tensors, 2, dtype=6 if half else tensors[0].dtype)))

        def scale(tensors: List[Tensor], factor: Tensor) -> Tensor:
            torch._foreach_mul_(tensors, factor)
            return factor

        def lerp(tensors: List[Tensor], ends: List[Tensor], share: float) -> Tensor:
            torch._foreach_lerp_(tensors, ends, share)
            return tensors[0]

        def unscale(tensors: List[Tensor], found: Tensor, factor: Tensor) -> Tensor:
            torch._amp_foreach_non_finite_check_and_unscale_(tensors, found, factor)
            return found

        """;

    private static readonly Lazy<jit.CompilationUnit> unit = new(() => jit.compile(Script));

    /// <summary>Calls a function of the script with lists of tensors, numbers and truth values.</summary>
    /// <returns>Its result, in the caller's dispose scope.</returns>
    public static Tensor Call(string function, params object[] arguments)
    {
        // TorchSharp makes of a double a Scalar that it doesn't hold on to, which may be finalized before native code reads it: these live until the end.
        var scalars = new List<Scalar>();
        for (var i = 0; i < arguments.Length; i++)
            if (arguments[i] is double number)
                scalars.Add((Scalar)(arguments[i] = number.ToScalar()));
        try
        {
            return unit.Value.invoke<Tensor>(function, arguments);
        }
        finally
        {
            scalars.ForEach(scalar => scalar.Dispose());
            GC.KeepAlive(arguments);
        }
    }
}
