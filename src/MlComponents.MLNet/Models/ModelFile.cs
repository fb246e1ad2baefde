using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace MlComponents.MLNet;

/// <summary>
/// The two streams of a saved model. <c>definition.json</c> ends with the SHA-256 of everything before it in the file, so no changed byte goes
/// unnoticed, and holds length and SHA-256 of <c>weights.safetensors</c>; both are checked before anything is built.
/// </summary>
internal static class ModelFile
{
    public const string DefinitionName = "definition.json";
    public const string WeightsName = "weights.safetensors";

    private const int MaxDefinitionBytes = 64 << 20;
    private const int HashLength = 64;   // hexadecimal digits of SHA-256
    private static readonly byte[] BeforeHash = ",\"sha256\":\""u8.ToArray();
    private static readonly byte[] AfterHash = "\"}"u8.ToArray();

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

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
        var start = stream.Position;
        using var sha256 = SHA256.Create();
        using (var hashing = new CryptoStream(stream, sha256, CryptoStreamMode.Write, leaveOpen: true))
            StateDict.Save(model.Network, hashing);
        return definition with { WeightsLength = stream.Position - start, WeightsSha256 = Convert.ToHexStringLower(sha256.Hash!) };
    }

    /// <summary>Writes a definition and its hash.</summary>
    public static void WriteDefinition(ModelDefinition definition, Stream stream) => stream.Write(Seal(definition));

    /// <exception cref="InvalidDataException">It is damaged, or of a newer format.</exception>
    public static ModelDefinition ReadDefinition(Stream stream)
    {
        if (stream.Length > MaxDefinitionBytes)
            throw new InvalidDataException(
                $"The model's {DefinitionName} has {stream.Length} bytes, but at most {MaxDefinitionBytes} are allowed: the file is damaged or has been changed.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        CheckSeal(bytes);

        try
        {
            using var document = JsonDocument.Parse(bytes);
            var format = document.RootElement.GetProperty("format").GetInt32();
            if (format > ModelDefinition.CurrentFormat)
                throw new InvalidDataException(
                    $"The model was saved by a newer version of MlComponents, in format {format}; "
                    + $"this version reads formats up to {ModelDefinition.CurrentFormat}. Update MlComponents.MLNet.");
            return document.Deserialize<ModelDefinition>(Json)!;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new InvalidDataException($"The model's {DefinitionName} isn't what this version of MlComponents writes: {e.Message}", e);
        }
    }

    internal static byte[] Seal(ModelDefinition definition)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(definition, Json).AsSpan(..^1);   // without the last brace
        return [.. json, .. BeforeHash, .. Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(json))), .. AfterHash];
    }

    private static void CheckSeal(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.Length - BeforeHash.Length - HashLength - AfterHash.Length;
        var isSealed = end > 0
            && bytes[end..].StartsWith(BeforeHash) && bytes.EndsWith(AfterHash)
            && bytes[(end + BeforeHash.Length)..^AfterHash.Length].SequenceEqual(Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(bytes[..end]))));
        if (!isSealed)
            throw new InvalidDataException($"The model's {DefinitionName} is not what was saved (its SHA-256 differs): the file is damaged or has been changed.");
    }
}
