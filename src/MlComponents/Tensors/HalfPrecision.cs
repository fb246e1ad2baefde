namespace MlComponents;

/// <summary>What is done about tensors of half precision.</summary>
internal static class HalfPrecision
{
    /// <summary>The same numbers in float32 where they are float16 or bfloat16, else the tensor itself.</summary>
    public static Tensor AtLeastFloat32(this Tensor x) => x.dtype is ScalarType.Float16 or ScalarType.BFloat16 ? x.to(ScalarType.Float32) : x;
}
