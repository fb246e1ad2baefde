using System.Text.Json;

namespace MlComponents.MLNet;

/// <summary>
/// The two streams of a saved model. <c>definition.json</c> is sealed, and holds length and SHA-256 of <c>weights.safetensors</c>; both are checked
/// before anything is built.
/// </summary>
internal static class ModelFile
{
    public const string DefinitionName = "definition.json";
    public const string DefinitionSubject = $"The model's {DefinitionName}";   // for messages
    public const string WeightsName = "weights.safetensors";

    /// <summary>Adds what rebuilds the network to a definition; called before a byte of the file is written.</summary>
    /// <exception cref="ComponentException">The network has no name under which it could be built again; the message says what to do.</exception>
    public static ModelDefinition Describe(ModelDefinition definition, TorchModel model) => definition with
    {
        Network = JsonElement.Parse(ComponentJson.Write(model.Definition)),
        Options = definition.Options ?? JsonElement.Parse(model.Options.ToJson()),   // a loaded model passes on what it has
    };

    /// <summary>Writes the weights, and adds their length and hash to a definition.</summary>
    public static ModelDefinition WriteWeights(ModelDefinition definition, TorchModel model, Stream stream)
    {
        var seal = StreamSeal.Write(stream, target => StateDict.Save(model.Network, target));
        return definition with { WeightsLength = seal.Length, WeightsSha256 = seal.Sha256 };
    }

    /// <summary>Writes a definition and its hash.</summary>
    public static void WriteDefinition(ModelDefinition definition, Stream stream) => stream.Write(SealedJson.Write(definition));

    /// <exception cref="InvalidDataException">It is damaged, or of a newer format.</exception>
    public static ModelDefinition ReadDefinition(Stream stream) => SealedJson.Read<ModelDefinition>(stream, DefinitionSubject, ModelDefinition.CurrentFormat);
}
