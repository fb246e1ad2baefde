using MlComponents.MLNet;
using MlComponents.MLNet.Interop;
using Microsoft.ML.Runtime;

[assembly: LoadableClass(typeof(TorchTransformer), null, typeof(SignatureLoadModel), "Torch network", ModelStreams.NetworkLoader)]

namespace MlComponents.MLNet;

// What ML.NET finds by its internals: the loader, and the interface by which PermutationFeatureImportance knows a model's features.
public sealed partial class TorchTransformer : ISingleFeaturePredictionTransformer
{
    private static TorchTransformer Create(IHostEnvironment env, ModelLoadContext context) => ModelStreams.Load(env, host =>
    {
        var definition = ModelStreams.Read(context, ModelFile.DefinitionName, ModelFile.ReadDefinition);
        return new TorchTransformer(host, definition, ModelStreams.Read(context, ModelFile.WeightsName, definition.Load));
    });
}
