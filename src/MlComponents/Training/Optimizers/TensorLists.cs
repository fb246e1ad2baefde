namespace MlComponents;

/// <summary>libtorch's operations on lists of tensors, one call for a whole network, which TorchSharp has only through TorchScript.</summary>
internal static class TensorLists
{
    // Each function returns a tensor because TorchSharp takes no other kind of end. A list that is built only to be changed is left out by the compiler, and what changes it too.
    // What libtorch has no kernel for borrows one: the fused kernels read and write each number once, where every other line is a pass through memory.
    private const string Script = """
        def steps(parameters: List[Tensor], step: float) -> List[Tensor]:
            scalar: List[int] = []
            return [torch.full(scalar, step, dtype=6, device=parameters[0].device)] * len(parameters)   # 6 is float32

        def adam(parameters: List[Tensor], gradients: List[Tensor], means: List[Tensor], squares: List[Tensor],
                 step: float, rate: float, beta1: float, beta2: float, epsilon: float, decay: float) -> Tensor:
            largest: List[Tensor] = []
            torch._fused_adam_(parameters, gradients, means, squares, largest, steps(parameters, step), lr=rate, beta1=beta1, beta2=beta2,
                               weight_decay=decay, eps=epsilon, amsgrad=False, maximize=False)
            return parameters[0]

        def adamw(parameters: List[Tensor], gradients: List[Tensor], means: List[Tensor], squares: List[Tensor],
                  step: float, rate: float, beta1: float, beta2: float, epsilon: float, decay: float) -> Tensor:
            largest: List[Tensor] = []
            torch._fused_adamw_(parameters, gradients, means, squares, largest, steps(parameters, step), lr=rate, beta1=beta1, beta2=beta2,
                                weight_decay=decay, eps=epsilon, amsgrad=False, maximize=False)
            return parameters[0]

        def decayed(parameters: List[Tensor], gradients: List[Tensor], rate: float, decay: float, decoupled: bool) -> List[Tensor]:
            if decay == 0:
                return gradients
            if decoupled:
                torch._foreach_mul_(parameters, 1 - rate * decay)
                return gradients
            return torch._foreach_add(gradients, parameters, alpha=decay)

        def sgd(parameters: List[Tensor], gradients: List[Tensor], velocities: List[Tensor],
                rate: float, momentum: float, decay: float, nesterov: bool) -> Tensor:
            if parameters[0].is_cpu and parameters[0].element_size() < 4:   # the CPU's kernel of libtorch 2.10 leaves most numbers of 16 bits where they are
                g = decayed(parameters, gradients, rate, decay, False)
                if momentum > 0:
                    torch._foreach_mul_(velocities, momentum)
                    torch._foreach_add_(velocities, g)
                    if nesterov:
                        g = torch._foreach_add(g, velocities, alpha=momentum)
                    else:
                        g = velocities
                torch._foreach_add_(parameters, g, alpha=-rate)
            else:
                torch._fused_sgd_(parameters, gradients, velocities, weight_decay=decay, momentum=momentum, lr=rate, dampening=0.0,
                                  nesterov=nesterov, maximize=False, is_first_step=False)
            return parameters[0]

        def nadam(parameters: List[Tensor], gradients: List[Tensor], means: List[Tensor], squares: List[Tensor], products: List[Tensor],
                  step: float, rate: float, mean_rate: float, gradient_rate: float, momentum: float, beta1: float, beta2: float,
                  epsilon: float, raw_epsilon: float, decay: float, decoupled: bool) -> Tensor:
            g = decayed(parameters, gradients, rate, decay, decoupled)
            torch._foreach_mul_(products, momentum)
            adam(parameters, g, means, squares, step, mean_rate, beta1, beta2, epsilon, 0.0)
            denominators = torch._foreach_sqrt(squares)
            torch._foreach_add_(denominators, raw_epsilon)
            torch._foreach_addcdiv_(parameters, g, denominators, -gradient_rate)
            return parameters[0]

        def momentum(parameters: List[Tensor], gradients: List[Tensor], means: List[Tensor], squares: List[Tensor],
                     rate: float, mean_rate: float, beta1: float, beta2: float, decay: float, decoupled: bool) -> Tensor:
            g = decayed(parameters, gradients, rate, decay, decoupled)
            torch._foreach_lerp_(means, g, 1 - beta1)
            torch._foreach_mul_(squares, beta2)
            torch._foreach_addcmul_(squares, g, g, 1 - beta2)
            torch._foreach_add_(parameters, means, alpha=-mean_rate)
            return parameters[0]

        def rmsprop(parameters: List[Tensor], gradients: List[Tensor], squares: List[Tensor], means: List[Tensor], velocities: List[Tensor],
                    rate: float, alpha: float, epsilon: float, decay: float, momentum: float) -> Tensor:
            g = decayed(parameters, gradients, rate, decay, False)
            moved = parameters
            moved_rate = rate
            if momentum > 0:
                torch._foreach_mul_(velocities, momentum)
                moved = velocities
                moved_rate = -1.0
            if len(means) > 0:
                torch._foreach_lerp_(means, g, 1 - alpha)
                torch._foreach_mul_(squares, alpha)
                torch._foreach_addcmul_(squares, g, g, 1 - alpha)
                denominators = torch._foreach_addcmul(squares, means, means, -1)
                torch._foreach_clamp_min_(denominators, 0)   # rounding makes it negative where the gradient doesn't change
                torch._foreach_sqrt_(denominators)
                torch._foreach_add_(denominators, epsilon)
                torch._foreach_addcdiv_(moved, g, denominators, -moved_rate)
            else:
                adam(moved, g, g, squares, 1e30, moved_rate, 0.0, alpha, epsilon, 0.0)   # the mean of gradients is the gradient: written as it was
            if momentum > 0:
                torch._foreach_add_(parameters, velocities, alpha=-rate)
            return parameters[0]

        def adagrad(parameters: List[Tensor], gradients: List[Tensor], sums: List[Tensor],
                    step: float, rate: float, rate_decay: float, epsilon: float, decay: float) -> Tensor:
            torch._fused_adagrad_(parameters, gradients, sums, steps(parameters, step), lr=rate, lr_decay=rate_decay,
                                  weight_decay=decay, eps=epsilon, maximize=False)
            return parameters[0]

        def adagrad_in_passes(parameters: List[Tensor], gradients: List[Tensor], sums: List[Tensor],
                              step: float, rate: float, rate_decay: float, epsilon: float, decay: float) -> Tensor:
            g = decayed(parameters, gradients, rate, decay, False)
            torch._foreach_addcmul_(sums, g, g)
            denominators = torch._foreach_sqrt(sums)
            torch._foreach_add_(denominators, epsilon)
            torch._foreach_addcdiv_(parameters, g, denominators, -rate / (1 + (step - 1) * rate_decay))
            return parameters[0]

        def lion(parameters: List[Tensor], gradients: List[Tensor], means: List[Tensor], rate: float, beta1: float, beta2: float, decay: float) -> Tensor:
            none: List[Tensor] = []
            signs = torch._foreach_lerp(means, gradients, 1 - beta1)
            torch._foreach_sign_(signs)
            sgd(parameters, signs, none, rate, 0.0, decay, False)
            torch._foreach_lerp_(means, gradients, 1 - beta2)
            return parameters[0]

        def lamb(parameters: List[Tensor], gradients: List[Tensor], means: List[Tensor], squares: List[Tensor],
                 step: float, rate: float, beta1: float, beta2: float, epsilon: float, decay: float) -> Tensor:
            updates = torch._foreach_mul(parameters, decay)
            adam(updates, gradients, means, squares, step, -1.0, beta1, beta2, epsilon, 0.0)
            sizes = torch.stack(torch._foreach_norm(parameters))
            lengths = torch.stack(torch._foreach_norm(updates))
            ratios = torch.where((sizes > 0) & (lengths > 0), sizes / lengths, torch.ones_like(sizes))
            torch._foreach_addcmul_(parameters, updates, ratios.unbind(), -rate)
            return parameters[0]

        def flush(tensors: List[Tensor], most: float) -> Tensor:
            for tensor in tensors:
                tensor.copy_(torch.hardshrink(tensor, most))   # 0 where |x| <= most
            return tensors[0]

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
