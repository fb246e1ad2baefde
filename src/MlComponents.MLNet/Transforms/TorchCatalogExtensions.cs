using MlComponents.MLNet;

namespace Microsoft.ML;

/// <summary>Tensor operations among ML.NET's catalogs.</summary>
public static class TorchCatalogExtensions
{
    extension(MLContext ml)
    {
        /// <summary>Tensor operations on columns, which are saved with the pipeline.</summary>
        public TorchCatalog Torch
        {
            get
            {
                ArgumentNullException.ThrowIfNull(ml);
                return new TorchCatalog(ml);
            }
        }
    }
}
