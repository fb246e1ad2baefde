using MlComponents.MLNet;
using MlComponents.MLNet.Interop;
using Microsoft.ML.Runtime;

[assembly: LoadableClass(typeof(TensorTransformer), null, typeof(SignatureLoadModel), "Tensor operation", ModelStreams.OperationLoader)]

namespace MlComponents.MLNet;

public sealed partial class TensorTransformer
{
    private static TensorTransformer Create(IHostEnvironment env, ModelLoadContext context) =>
        ModelStreams.Load(env, _ => ModelStreams.Read(context, ModelFile.DefinitionName, TensorDefinition.Read));
}
