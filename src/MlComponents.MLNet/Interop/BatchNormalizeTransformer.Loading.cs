using MlComponents.MLNet;
using MlComponents.MLNet.Interop;
using Microsoft.ML.Runtime;

[assembly: LoadableClass(typeof(BatchNormalizeTransformer), null, typeof(SignatureLoadModel), "Batch normalization", ModelStreams.BatchNormalizeLoader)]

namespace MlComponents.MLNet;

public sealed partial class BatchNormalizeTransformer
{
    private static BatchNormalizeTransformer Create(IHostEnvironment env, ModelLoadContext context) => ModelStreams.Load(env, _ =>
    {
        var definition = ModelStreams.Read(context, ModelFile.DefinitionName, BatchNormalizeDefinition.Read);
        return ModelStreams.Read(context, BatchNormalizeDefinition.StatisticsName, definition.Load);
    });
}
