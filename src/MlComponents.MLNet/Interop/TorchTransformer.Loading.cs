using MlComponents.MLNet;
using MlComponents.MLNet.Interop;
using Microsoft.ML.Runtime;

[assembly: LoadableClass(typeof(TorchTransformer), null, typeof(SignatureLoadModel), "Torch network", ModelStreams.LoaderSignature)]

namespace MlComponents.MLNet;

// What ML.NET finds by its internals: the loader, and the interface by which PermutationFeatureImportance knows a model's features.
public sealed partial class TorchTransformer : ISingleFeaturePredictionTransformer
{
    private static TorchTransformer Create(IHostEnvironment env, ModelLoadContext context)
    {
        var host = env.Register(nameof(TorchTransformer));
        using var channel = host.Start("Loading");
        try
        {
            var definition = ModelStreams.Read(context, ModelFile.DefinitionName, ModelFile.ReadDefinition);
            return new TorchTransformer(host, definition, ModelStreams.Read(context, ModelFile.WeightsName, definition.Load));
        }
        catch (Exception e)
        {
            channel.Error(MessageSensitivity.None, e.Message);   // ML.NET wraps it twice
            throw;
        }
    }
}
