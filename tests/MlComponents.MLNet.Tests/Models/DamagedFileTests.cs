using System.Buffers.Binary;
using System.Security.Cryptography;

namespace MlComponents.MLNet.Tests.Models;

/// <summary>Files that end too early or claim to be huge.</summary>
[TestClass]
public sealed class DamagedFileTests
{
    private readonly MLContext ml = new(seed: 1);
    private readonly string folder = Directory.CreateTempSubdirectory("damaged-").FullName;

    private string ModelPath => Path.Combine(folder, "model.zip");

    [TestInitialize]
    public void SaveModel()
    {
        using var model = ml.MulticlassClassification.Trainers.Torch(Blobs.Network, Blobs.Options with { Epochs = 1 }).Fit(Blobs.Keyed(ml));
        ml.Model.SaveAtomically(model, Blobs.View(ml).Schema, ModelPath);
    }

    [TestCleanup]
    public void DeleteFolder() => Directory.Delete(folder, recursive: true);

    [TestMethod]
    public void Load_OfATruncatedFile_SaysThatItIsDamaged()
    {
        var whole = File.ReadAllBytes(ModelPath);
        int[] lengths = [0, 1, 30, 100, whole.Length / 4, whole.Length / 2, whole.Length * 3 / 4, whole.Length - 100, whole.Length - 22, whole.Length - 1];

        foreach (var length in lengths)
        {
            File.WriteAllBytes(ModelPath, whole[..length]);
            var e = Assert.ThrowsExactly<InvalidDataException>(() => new MLContext().Model.LoadOrExplain(ModelPath, out _), $"{length} bytes");
            StringAssert.Contains(e.Message, ModelPath, StringComparison.Ordinal);
        }
    }

    [TestMethod]
    public void Load_OfADefinitionAboveItsLimit_SaysHowLargeItIs()
    {
        ZipPart.Replace(ModelPath, ModelFile.DefinitionName, new byte[(64 << 20) + 1]);

        var e = Assert.ThrowsExactly<InvalidDataException>(() => new MLContext().Model.LoadOrExplain(ModelPath, out _));

        StringAssert.Contains(e.Message, "definition.json has 67108865 bytes, but at most 67108864 are allowed", StringComparison.Ordinal);
    }

    [TestMethod]
    public void Load_OfAHugeDeclaredLengthOfTheWeights_ComparesItFirst()
    {
        var definition = ModelFile.ReadDefinition(new MemoryStream(ZipPart.Read(ModelPath, ModelFile.DefinitionName)));
        ZipPart.Replace(ModelPath, ModelFile.DefinitionName, SealedJson.Write(definition with { WeightsLength = long.MaxValue }));

        var e = Assert.ThrowsExactly<InvalidDataException>(() => new MLContext().Model.LoadOrExplain(ModelPath, out _));

        StringAssert.Contains(e.Message, $"bytes, but {long.MaxValue} were saved", StringComparison.Ordinal);
    }

    [TestMethod]
    [DataRow(long.MaxValue)]
    [DataRow(-1L)]
    [DataRow(1L << 40)]
    public void Load_OfAHugeDeclaredHeaderInTheWeights_AllocatesNothing(long length)
    {
        var weights = ZipPart.Read(ModelPath, ModelFile.WeightsName);
        BinaryPrimitives.WriteInt64LittleEndian(weights, length);   // safetensors: bytes of the header
        var definition = ModelFile.ReadDefinition(new MemoryStream(ZipPart.Read(ModelPath, ModelFile.DefinitionName)));
        ZipPart.Replace(ModelPath, ModelFile.WeightsName, weights);
        ZipPart.Replace(ModelPath, ModelFile.DefinitionName, SealedJson.Write(definition with { WeightsSha256 = Convert.ToHexStringLower(SHA256.HashData(weights)) }));

        Assert.ThrowsExactly<InvalidDataException>(() => new MLContext().Model.LoadOrExplain(ModelPath, out _));
    }
}
