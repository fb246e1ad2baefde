using System.Text;

namespace MlComponents.MLNet.Tests.Models;

/// <summary>Models that were trained in other numbers than float32: their scores, in memory and from a file.</summary>
[TestClass]
public sealed class PrecisionTests
{
    private readonly MLContext ml = new(seed: 1);
    private readonly string folder = Directory.CreateTempSubdirectory("precision-").FullName;

    private string ModelPath => Path.Combine(folder, "model.zip");

    [TestCleanup]
    public void DeleteFolder() => Directory.Delete(folder, recursive: true);

    [TestMethod]
    [DataRow(TrainingPrecision.BFloat16Mixed, ScalarType.Float32, "F32")]
    [DataRow(TrainingPrecision.Float16Mixed, ScalarType.Float32, "F32")]
    [DataRow(TrainingPrecision.BFloat16, ScalarType.BFloat16, "BF16")]
    public void Load_OfEveryTaskInEachPrecision_GivesTheSameScores(TrainingPrecision precision, ScalarType type, string typeInFile)
    {
        var options = Blobs.Options with { Precision = precision };
        TorchTransformer[] models =
        [
            ml.MulticlassClassification.Trainers.Torch(Blobs.Network, options).Fit(Blobs.Keyed(ml)),
            ml.BinaryClassification.Trainers.Torch(Blobs.Network, options with { LabelColumnName = "IsRed" }).Fit(Blobs.Keyed(ml)),
            ml.Regression.Trainers.Torch(Blobs.Network, options with { LabelColumnName = "Sum" }).Fit(Blobs.Keyed(ml)),
        ];

        foreach (var model in models)
        {
            ml.Model.SaveAtomically(model, Blobs.View(ml).Schema, ModelPath);
            var loaded = new MLContext().Model.LoadOrExplain(ModelPath, out _);

            CollectionAssert.AreEqual(ScoreText.Of(model.Transform(Blobs.Keyed(ml))).ToArray(), ScoreText.Of(loaded.Transform(Blobs.Keyed(ml))).ToArray());
            Assert.AreEqual(type, ((TorchTransformer)loaded).Model.Context.DType);
            Assert.AreEqual(precision, ((TorchTransformer)loaded).Model.Options.Precision);
            StringAssert.Contains(Encoding.UTF8.GetString(ZipPart.Read(ModelPath, ModelFile.WeightsName)), $"\"dtype\":\"{typeInFile}\"", StringComparison.Ordinal);
        }
    }

    [TestMethod]
    [DataRow(TrainingPrecision.BFloat16Mixed)]
    [DataRow(TrainingPrecision.BFloat16)]
    public void Transform_InEachPrecision_IsAsRightAsInFloat32(TrainingPrecision precision)
    {
        double Accuracy(TrainingPrecision used)
        {
            using var model = ml.MulticlassClassification.Trainers.Torch(Blobs.Network, Blobs.Options with { Precision = used }).Fit(Blobs.Keyed(ml));
            return ml.MulticlassClassification.Evaluate(model.Transform(Blobs.Keyed(ml, seed: 2))).MicroAccuracy;
        }

        Assert.AreEqual(Accuracy(TrainingPrecision.Float32), Accuracy(precision), 0.02);
    }
}
