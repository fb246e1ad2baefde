using Microsoft.ML.Runtime;

namespace MlComponents.MLNet.Interop;

/// <summary>The environment behind ML.NET's catalogs, which they don't show.</summary>
internal static class Catalogs
{
    public static IHostEnvironment Environment(TrainCatalogBase.CatalogInstantiatorBase trainers) => CatalogUtils.GetEnvironment(trainers);

    public static IHostEnvironment Environment(ModelOperationsCatalog models) => CatalogUtils.GetEnvironment(models);
}
