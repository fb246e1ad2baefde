namespace MlComponents;

/// <summary>libtorch's elementary functions of whole tensors, such as cos and exp, which MKL's vector mathematics computes where libtorch is built with it.</summary>
/// <remarks>
/// MKL sets them up in the first call of a process. A first call on another thread meanwhile may be answered to half the digits: on a busy machine the first cosines of two workers were wrong by 1e-4 in
/// about one process of 200. So one thread makes the first call before others can.
/// </remarks>
internal static class VectorMath
{
    private static readonly Lazy<bool> FirstCall = new(Call);

    /// <summary>Whether the first call has been made.</summary>
    public static bool IsPrepared => FirstCall.IsValueCreated;

    /// <summary>Makes the first call, or waits until it has been made.</summary>
    public static void Prepare() => _ = FirstCall.Value;

    private static bool Call()
    {
        using var scope = NewDisposeScope();
        zeros(1).cos();
        return true;
    }
}
