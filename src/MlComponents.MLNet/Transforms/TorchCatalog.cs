using Microsoft.ML.Runtime;

namespace MlComponents.MLNet;

/// <summary>Tensor operations on columns: <c>ml.Torch</c>.</summary>
/// <remarks>
/// The order of arguments is everywhere that of ML.NET's own transforms: the new column, what the operation can't do without, the columns that it is
/// computed from, and then what has a default. Without a column to compute from, the new column replaces the one of its own name.
/// <code>
/// ml.Torch.Einsum("Product", "ij,jk->ik", "Left", "Right")
///     .Append(ml.Torch.LayerNormalize("Product"))
///     .Append(ml.Torch.ArgMax("Best", "Product"))
/// </code>
/// <para>
/// A column of scalars is a tensor of the shape [], a vector's dimensions are its shape; vectors of unknown size have none and are refused. Single, Double,
/// SByte, Byte, Int16, Int32, Int64 and Boolean keep their types; UInt16, UInt32 and keys become int64, keys counted from 0 and −1 where one is missing.
/// </para>
/// </remarks>
public sealed class TorchCatalog
{
    internal TorchCatalog(IHostEnvironment environment) => Environment = environment;

    internal IHostEnvironment Environment { get; }
}
