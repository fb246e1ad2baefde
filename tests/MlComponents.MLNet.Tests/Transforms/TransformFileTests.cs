using System.Text.Json;

namespace MlComponents.MLNet.Tests.Transforms;

/// <summary>Operations and normalizations in ML.NET's model file.</summary>
[TestClass]
public sealed class TransformFileTests
{
    private readonly MLContext ml = new(seed: 1);
    private readonly string folder = Directory.CreateTempSubdirectory("transforms-").FullName;

    private string ModelPath => Path.Combine(folder, "model.zip");

    [TestCleanup]
    public void DeleteFolder() => Directory.Delete(folder, recursive: true);

    [TestMethod]
    public async Task Load_OfBuiltInOperationsInAnotherProcess_GivesTheSameBitsWithoutRegistration()
    {
        var expected = Save(ml.Torch.BatchNormalize("Normal", "Features")
            .Append(ml.Torch.LayerNormalize("Layered", "Features"))
            .Append(ml.Torch.Einsum("Outer", "i,j->ij", "Normal", "Layered"))
            .Append(ml.Torch.Index("Outer", ":, [3, 0]"))
            .Append(ml.Torch.Reshape("Outer", [8]))
            .Append(ml.Torch.Concatenate("Score", ["Outer", "Normal"])));

        var (exitCode, lines, error) = await ScoreProbeProcess.RunAsync(ModelPath);

        Assert.AreEqual(0, exitCode, error);
        CollectionAssert.AreEqual(expected, lines);
    }

    [TestMethod]
    public async Task Load_OfAUsersOperationInAnotherProcess_NeedsItsRegistration()
    {
        ComponentRegistry.Default.AddAssembly(typeof(PairDifferences).Assembly);
        var expected = Save(ml.Torch.Apply("Score", new PairDifferences { Factor = 0.3 }, "Features"));

        var registered = await ScoreProbeProcess.RunAsync(ModelPath, "register");
        var unregistered = await ScoreProbeProcess.RunAsync(ModelPath);

        Assert.AreEqual(0, registered.ExitCode, registered.Error);
        CollectionAssert.AreEqual(expected, registered.Lines);
        Assert.AreNotEqual(0, unregistered.ExitCode);
        StringAssert.Contains(unregistered.Error, "There is no operation named 'pair-differences'", StringComparison.Ordinal);
        StringAssert.Contains(unregistered.Error, "ComponentRegistry.Default.Add<MyOperation>(\"pair-differences\")", StringComparison.Ordinal);
    }

    [TestMethod]
    public void Save_OfAnOperation_WritesItsDescriptionAlone()
    {
        Save(ml.Torch.GroupNormalize("Score", groups: 2, "Features", epsilon: 0.5));

        using var definition = JsonDocument.Parse(ZipPart.Read(ModelPath, ModelFile.DefinitionName));
        Assert.AreEqual("""{"name":"group-normalize","groups":2,"epsilon":0.5}""", definition.RootElement.GetProperty("operation").GetRawText());
        Assert.AreEqual("Score", definition.RootElement.GetProperty("outputColumn").GetString());
        Assert.AreEqual("""["Features"]""", definition.RootElement.GetProperty("inputColumns").GetRawText());
        Assert.AreEqual(1, definition.RootElement.GetProperty("format").GetInt32());
    }

    [TestMethod]
    public void Save_OfAnUnregisteredOperation_SaysHowToRegisterIt()
    {
        var model = ml.Torch.Apply("Score", TestOperation.Identity, "Features").Fit(Blobs.View(ml));

        var e = Assert.ThrowsExactly<ComponentException>(() => ml.Model.Save(model, null, Stream.Null));

        Assert.AreEqual("The operation TestOperation isn't registered, so it can't be written: register it with ComponentRegistry.Default.Add<TestOperation>(\"a-name\").", e.Message);
    }

    [TestMethod]
    public void Load_OfAModelThatWasLoaded_CanBeSavedAgain()
    {
        var expected = Save(ml.Torch.BatchNormalize("Score", "Features", new() { Epsilon = 0.01, Scale = 3, Shift = -1 }));
        var loaded = ml.Model.LoadOrExplain(ModelPath, out var schema);

        ml.Model.SaveAtomically(loaded, schema, ModelPath);

        CollectionAssert.AreEqual(expected, ScoreText.Of(ml.Model.LoadOrExplain(ModelPath, out _).Transform(Probe())).ToArray());
    }

    [TestMethod]
    public void Load_OfABatchNormalization_KnowsItsStatistics()
    {
        var fitted = ml.Torch.BatchNormalize("Score", "Features").Fit(Blobs.View(ml));
        ml.Model.SaveAtomically(fitted, null, ModelPath);

        var loaded = (BatchNormalizeTransformer)ml.Model.LoadOrExplain(ModelPath, out _);

        CollectionAssert.AreEqual(fitted.Means.ToArray(), loaded.Means.ToArray());
        CollectionAssert.AreEqual(fitted.Variances.ToArray(), loaded.Variances.ToArray());
        Assert.AreEqual(120, loaded.Rows);
        Assert.AreEqual(("Score", "Features"), (loaded.OutputColumnName, loaded.InputColumnNames[0]));
    }

    [TestMethod]
    public void Load_OfAFileWithAnyByteChanged_SaysThatItIsDamaged()
    {
        foreach (var (estimator, parts) in new (IEstimator<ITransformer>, string[])[]
        {
            (ml.Torch.LayerNormalize("Score", "Features"), [ModelFile.DefinitionName]),
            (ml.Torch.BatchNormalize("Score", "Features"), [ModelFile.DefinitionName, BatchNormalizeDefinition.StatisticsName]),
        })
            foreach (var part in parts)
            {
                Save(estimator);
                var whole = ZipPart.Read(ModelPath, part);
                foreach (var at in new[] { 0, whole.Length / 3, whole.Length / 2, whole.Length - 1 })
                {
                    var changed = (byte[])whole.Clone();
                    changed[at] ^= 1;
                    ZipPart.Replace(ModelPath, part, changed);
                    LoadFails("differs): the file is damaged or has been changed.");
                }
                ZipPart.Replace(ModelPath, part, whole[..(whole.Length / 2)]);
                LoadFails(": the file is damaged or has been changed.");
                ZipPart.Replace(ModelPath, part, []);
                LoadFails(": the file is damaged or has been changed.");
                ZipPart.Delete(ModelPath, part);
                LoadFails($"The model has no entry '{part}': the file is damaged or has been changed.");
            }
    }

    [TestMethod]
    public void Load_OfATruncatedFile_SaysThatItIsDamaged()
    {
        Save(ml.Torch.BatchNormalize("Score", "Features"));
        var whole = File.ReadAllBytes(ModelPath);

        foreach (var length in new[] { 0, whole.Length / 2, whole.Length - 1 })
        {
            File.WriteAllBytes(ModelPath, whole[..length]);
            LoadFails(ModelPath);
        }
    }

    [TestMethod]
    public void Load_OfADefinitionThatWasEditedAndSealedAgain_SaysWhatIsWrong()
    {
        Save(ml.Torch.LayerNormalize("Score", "Features"));
        var definition = Definition<TensorDefinition>();

        Replace(definition with { Format = 2 });
        LoadFails("The model's definition.json is of format version 2, but this version of MlComponents reads versions up to 1: update MlComponents.");
        Replace(definition with { InputColumns = [] });
        LoadFails("The model's operation has no names of columns: the file is damaged or has been changed.");
        Replace(definition with { Operation = JsonElement.Parse("""{"name":"layer-normalize","epsilon":0}""") });
        LoadFails("LayerNormalize.Epsilon is 0; allowed is above 0 and at most 1.");
        Replace(new { format = 1 });
        LoadFails("The model's definition.json isn't what this version of MlComponents writes");
        Replace(definition with { Operation = JsonElement.Parse("\"layer-normalise\"") });
        var e = Assert.ThrowsExactly<ComponentException>(() => new MLContext().Model.LoadOrExplain(ModelPath, out _));
        StringAssert.Contains(e.Message, "There is no operation named 'layer-normalise'", StringComparison.Ordinal);
        StringAssert.Contains(e.Message, "layer-normalize", StringComparison.Ordinal);
    }

    [TestMethod]
    public void Load_OfABatchNormalizationThatContradictsItself_SaysWhatIsWrong()
    {
        Save(ml.Torch.BatchNormalize("Score", "Features"));
        var definition = Definition<BatchNormalizeDefinition>();

        foreach (var contradiction in new[]
        {
            definition with { Shape = [5] }, definition with { Shape = [-1, -4] }, definition with { Type = "Text" }, definition with { Type = "99" },
            definition with { Epsilon = 0 }, definition with { InputColumn = "" }, definition with { Shape = [long.MaxValue, long.MaxValue] },
        })
        {
            Replace(contradiction);
            LoadFails("The model's normalization contradicts itself: rows of ");
        }
    }

    private string[] Save(IEstimator<ITransformer> estimator)
    {
        var rows = Blobs.View(ml);
        var model = estimator.Fit(rows);
        ml.Model.SaveAtomically(model, rows.Schema, ModelPath);
        return [.. ScoreText.Of(model.Transform(Probe()))];
    }

    private IDataView Probe() => ml.Data.LoadFromEnumerable(BlobRow.Create(20, seed: 3));

    private T Definition<T>() => SealedJson.Read<T>(new MemoryStream(ZipPart.Read(ModelPath, ModelFile.DefinitionName)), ModelFile.DefinitionName, 1);

    private void Replace<T>(T definition) => ZipPart.Replace(ModelPath, ModelFile.DefinitionName, SealedJson.Write(definition));

    private void LoadFails(string message)
    {
        var e = Assert.ThrowsExactly<InvalidDataException>(() => new MLContext().Model.LoadOrExplain(ModelPath, out _));

        StringAssert.Contains(e.Message, message, StringComparison.Ordinal);
    }
}
