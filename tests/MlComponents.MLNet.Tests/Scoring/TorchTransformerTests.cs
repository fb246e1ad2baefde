namespace MlComponents.MLNet.Tests.Scoring;

[TestClass]
public sealed class TorchTransformerTests
{
    private readonly MLContext ml = new(seed: 1);
    private readonly CountingNetwork counting = new();

    [TestMethod]
    public void Transform_BeforeItIsRead_DoesNothing()
    {
        using var model = Counting();

        var scored = model.Transform(Blobs.Keyed(ml));
        _ = scored.GetColumn<float[]>("Features").Count();

        Assert.AreEqual(0, counting.Calls);
    }

    [TestMethod]
    public void Transform_OfManyRows_RunsOnceABatch()
    {
        using var model = Counting(batchSize: 64);

        _ = model.Transform(Blobs.Keyed(ml, rows: 300)).GetColumn<uint>("PredictedLabel").Count();

        CollectionAssert.AreEqual(new long[] { 16, 32, 64, 64, 64, 60 }, counting.BatchSizes);
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(7)]
    [DataRow(1000)]
    public void Transform_WithAnyBatchSize_GivesTheNetworksOwnScores(int batchSize)
    {
        using var model = Counting(batchSize);
        using var scope = NewDisposeScope();
        var rows = BlobRow.Create(50, seed: 4);

        var scores = model.Transform(ml.Data.LoadFromEnumerable(rows)).GetColumn<float[]>("Score").ToList();

        var features = tensor(rows.SelectMany(row => row.Features).ToArray()).view(50, 4);
        TensorAssert.AreClose(((nn.Module<Tensor, Tensor>)model.Model.Network).call(features).softmax(1), tensor(scores.SelectMany(s => s).ToArray()).view(50, 3), 1e-6);
    }

    [TestMethod]
    public void Transform_OfASourceThatCantBeRepeated_KeepsRowsAndScoresTogether()
    {
        var random = new Random(5);
        IEnumerable<BlobRow> Endless()
        {
            for (var i = 0; i < 300; i++)
                yield return BlobRow.Create(3, random.Next())[random.Next(3)];
        }
        using var model = Fitted();

        var scored = model.Transform(ml.Data.LoadFromEnumerable(Endless()));

        var pairs = ml.Data.CreateEnumerable<LabelAndScore>(scored, reuseRowObject: false, ignoreMissingColumns: true).ToList();
        Assert.HasCount(300, pairs);
        foreach (var pair in pairs)
            Assert.AreEqual(pair.Label, model.Model.LabelNames[pair.Score.IndexOf(pair.Score.Max())]);
    }

    [TestMethod]
    public void Transform_OfSparseFeatures_EqualsDenseOnes()
    {
        using var model = Fitted();
        var dense = new List<SparseRow>();
        var sparse = new List<SparseRow>();
        for (var i = 0; i < 40; i++)
        {
            dense.Add(new() { Features = new VBuffer<float>(4, i % 2 == 0 ? [0, i, 0, 0] : [0, 0, 0, -i]) });
            sparse.Add(new() { Features = new VBuffer<float>(4, 1, [i % 2 == 0 ? i : -i], [i % 2 == 0 ? 1 : 3]) });
        }

        var expected = ScoreText.Of(model.Transform(ml.Data.LoadFromEnumerable(dense))).ToArray();
        var actual = ScoreText.Of(model.Transform(ml.Data.LoadFromEnumerable(sparse))).ToArray();

        CollectionAssert.AreEqual(expected, actual);
    }

    [TestMethod]
    public void GetOutputSchema_OfAnInput_IsTheSchemaOfTransform()
    {
        using var model = Fitted();
        var rows = Blobs.Keyed(ml);

        var expected = model.Transform(rows).Schema.Select(column => (column.Name, column.Type.ToString())).ToList();

        CollectionAssert.AreEqual(expected, model.GetOutputSchema(rows.Schema).Select(column => (column.Name, column.Type.ToString())).ToList());
        CollectionAssert.AreEqual(expected, model.GetRowToRowMapper(rows.Schema).OutputSchema.Select(column => (column.Name, column.Type.ToString())).ToList());
    }

    [TestMethod]
    public void Transform_OfFeaturesOfAnotherSize_NamesColumnAndTypes()
    {
        using var model = Fitted();

        var e = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => model.Transform(ml.Data.LoadFromEnumerable(new[] { new ThreeFeatures() })));

        StringAssert.Contains(e.Message, "Schema mismatch for feature column 'Features': expected Vector<Single, 4>, got Vector<Single, 3>.", StringComparison.Ordinal);
    }

    [TestMethod]
    public void Transform_WhenTheNetworkFails_NamesTheRows()
    {
        using var model = Counting(batchSize: 16);
        using var cursor = model.Transform(Blobs.Keyed(ml)).GetRowCursor(model.GetOutputSchema(Blobs.Keyed(ml).Schema));
        for (var i = 0; i < 16; i++)
            cursor.MoveNext();
        counting.Fails = true;

        var e = Assert.ThrowsExactly<InvalidOperationException>(() => cursor.MoveNext());

        StringAssert.Contains(e.Message, "rows 16 to 31, counted from 0: told to fail", StringComparison.Ordinal);
        counting.Fails = false;
        Assert.IsFalse(cursor.MoveNext());   // the failed rows can't be read again
        Assert.AreEqual(-1, cursor.Position);
        VBuffer<float> stale = default;
        Assert.ThrowsExactly<InvalidOperationException>(() => cursor.GetGetter<VBuffer<float>>(cursor.Schema["Score"])(ref stale));
    }

    [TestMethod]
    public void PredictionEngine_ForSeveralColumns_RunsOncePerPrediction()
    {
        using var model = Counting();
        using var engine = ml.Model.CreatePredictionEngine<BlobRow, Prediction>(model, new PredictionEngineOptions { OwnsTransformer = false });

        var first = engine.Predict(BlobRow.Create(3)[0]);
        var second = engine.Predict(BlobRow.Create(3)[1]);

        Assert.AreEqual(2, counting.Calls);
        CollectionAssert.AreNotEqual(first.Score, second.Score);
        Assert.AreEqual((uint)first.Score.IndexOf(first.Score.Max()) + 1, first.PredictedLabel);
    }

    [TestMethod]
    public void PredictionEngine_OverAThousandPredictions_LeavesNoTensor()
    {
        using var model = Fitted();
        using var engine = ml.Model.CreatePredictionEngine<BlobRow, Prediction>(model, new PredictionEngineOptions { OwnsTransformer = false });
        var rows = BlobRow.Create(10);
        engine.Predict(rows[0]);
        var before = TensorAssert.LiveCount();

        for (var i = 0; i < 1000; i++)
            engine.Predict(rows[i % 10]);

        Assert.AreEqual(before, Tensor.TotalCount);
    }

    [TestMethod]
    public void Transform_ReadToTheEnd_LeavesNoTensor()
    {
        using var model = Fitted();
        _ = ScoreText.Of(model.Transform(Blobs.Keyed(ml))).Count();
        var before = TensorAssert.LiveCount();

        _ = ScoreText.Of(model.Transform(Blobs.Keyed(ml, rows: 600))).Count();

        Assert.AreEqual(before, Tensor.TotalCount);
    }

    [TestMethod]
    public void Transform_OnManyThreads_GivesTheSameScores()
    {
        using var model = Fitted();
        var rows = Blobs.Keyed(ml, rows: 500);
        var expected = ScoreText.Of(model.Transform(rows)).ToArray();

        var all = new string[8][];
        Parallel.For(0, all.Length, i => all[i] = [.. ScoreText.Of(model.Transform(rows))]);

        foreach (var actual in all)
            CollectionAssert.AreEqual(expected, actual);
    }

    [TestMethod]
    public void Dispose_WhileOthersScore_LetsThemFinishOrSaysSo()
    {
        var model = Fitted();
        var rows = Blobs.Keyed(ml, rows: 400);
        var expected = ScoreText.Of(model.Transform(rows)).ToArray();

        Parallel.For(0, 8, i =>
        {
            if (i == 3)
                model.Dispose();
            else
                try
                {
                    CollectionAssert.AreEqual(expected, ScoreText.Of(model.Transform(rows)).ToArray());
                }
                catch (ObjectDisposedException)
                {
                    // the other allowed outcome
                }
        });

        Assert.ThrowsExactly<ObjectDisposedException>(() => model.Transform(rows));
    }

    [TestMethod]
    public void Transform_OfFeaturesThatAreNaN_PredictsNoClass()
    {
        using var model = Fitted();
        var rows = BlobRow.Create(2);
        rows[1].Features[0] = float.NaN;

        var labels = model.Transform(ml.Data.LoadFromEnumerable(rows)).GetColumn<uint>("PredictedLabel").ToList();

        Assert.AreEqual(1u, labels[0]);
        Assert.AreEqual(0u, labels[1]);
    }

    [TestMethod]
    public void Dispose_Twice_IsHarmless_AndScoringAfterwardsSaysSo()
    {
        var model = Fitted();
        var scored = model.Transform(Blobs.Keyed(ml));

        model.Dispose();
        model.Dispose();

        Assert.ThrowsExactly<ObjectDisposedException>(() => model.Transform(Blobs.Keyed(ml)));
        Assert.ThrowsExactly<ObjectDisposedException>(() => ScoreText.Of(scored).Count());
        Assert.ThrowsExactly<ObjectDisposedException>(() => ml.Model.Save(model, null, Stream.Null));
    }

    [TestMethod]
    public void Dispose_FreesEveryTensor()
    {
        var building = CountedByBuilding();
        Fitted().Dispose();
        var before = TensorAssert.LiveCount();

        Fitted().Dispose();

        Assert.AreEqual(before + building, Tensor.TotalCount);
    }

    [TestMethod]
    public void AForgottenModel_IsFreedByItsFinalizer()
    {
        var building = CountedByBuilding();
        Fitted().Dispose();
        Collect();
        var before = TensorAssert.LiveCount();

        Forget();
        Collect();

        Assert.AreEqual(before + building, Tensor.TotalCount);
    }

    [TestMethod]
    public void FitLoadAndPredict_InAUsersDisposeScope_WorkAfterIt()
    {
        var path = Path.GetTempFileName();
        TorchTransformer model;
        ITransformer loaded;
        PredictionEngine<BlobRow, Prediction> engine;
        using (NewDisposeScope())
        {
            model = Fitted();
            ml.Model.Save(model, null, path);
            loaded = new MLContext().Model.Load(path, out _);
            engine = ml.Model.CreatePredictionEngine<BlobRow, Prediction>(model);
            engine.Predict(BlobRow.Create(1)[0]);
        }

        Assert.AreEqual(120, ScoreText.Of(model.Transform(Blobs.Keyed(ml))).Count());
        Assert.AreEqual(120, ScoreText.Of(loaded.Transform(Blobs.Keyed(ml))).Count());
        Assert.HasCount(3, engine.Predict(BlobRow.Create(1)[0]).Score);
        engine.Dispose();
        ((IDisposable)loaded).Dispose();
        File.Delete(path);
    }

    [TestMethod]
    public void FitAndLoad_OfTensorsMadeByHandInAUsersDisposeScope_WorkAfterIt()
    {
        ComponentRegistry.Default.Add<HandMadeNetwork>("hand-made");
        var path = Path.GetTempFileName();
        TorchTransformer model;
        ITransformer loaded;
        using (NewDisposeScope())
        {
            model = ml.MulticlassClassification.Trainers.Torch(new HandMadeNetwork(), Blobs.Options).Fit(Blobs.Keyed(ml));
            ml.Model.Save(model, null, path);
            loaded = new MLContext().Model.Load(path, out _);
        }

        var scores = ScoreText.Of(model.Transform(Blobs.Keyed(ml))).ToArray();
        Assert.HasCount(120, scores);
        CollectionAssert.AreEqual(scores, ScoreText.Of(loaded.Transform(Blobs.Keyed(ml))).ToArray());
        model.Dispose();
        ((IDisposable)loaded).Dispose();
        File.Delete(path);
    }

    [TestMethod]
    public void TheNetwork_OfAForgottenTransformer_StaysAlive()
    {
        using var scope = NewDisposeScope();
        var network = NetworkAlone();
        Collect();

        var scores = network.call(ones(2, 4));

        CollectionAssert.AreEqual(new long[] { 2, 3 }, scores.shape);
        Assert.IsTrue(scores.isfinite().all().item<bool>());
        network.Dispose();
    }

    [TestMethod]
    public void SaveAsBinary_OfScoredRows_GivesThemBack()
    {
        using var model = Fitted();
        var scored = model.Transform(Blobs.Keyed(ml));
        using var stream = new MemoryStream();

        ml.Data.SaveAsBinary(scored, stream);

        var read = ml.Data.LoadFromBinary(Temporary(stream));
        CollectionAssert.AreEqual(ScoreText.Of(scored).ToArray(), ScoreText.Of(read).ToArray());
    }

    private string Temporary(MemoryStream stream)
    {
        var path = Path.Combine(Directory.CreateTempSubdirectory("rows-").FullName, "rows.idv");
        File.WriteAllBytes(path, stream.ToArray());
        return path;
    }

    /// <summary>TorchSharp counts each parameter of its layers twice and takes one back: what building and freeing a network adds to the count.</summary>
    private static long CountedByBuilding()
    {
        var before = TensorAssert.LiveCount();
        Blobs.Network.Create(NetworkContext.Of([4], 3)).Dispose();
        return Tensor.TotalCount - before;
    }

    private static void Collect()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private void Forget() => Fitted();

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private nn.Module<Tensor, Tensor> NetworkAlone() => (nn.Module<Tensor, Tensor>)Fitted().Model.Network;

    private TorchTransformer Fitted() => ml.MulticlassClassification.Trainers.Torch(Blobs.Network, Blobs.Options).Fit(Blobs.Keyed(ml));

    private TorchTransformer Counting(int batchSize = 256)
    {
        var model = ml.MulticlassClassification.Trainers.Torch(counting.Create, Blobs.Options with { Epochs = 1, ScoringBatchSize = batchSize }).Fit(Blobs.Keyed(ml));
        counting.Reset();
        return model;
    }

    private sealed class LabelAndScore
    {
        public string Label { get; set; } = "";

        public float[] Score { get; set; } = [];
    }

    private sealed class Prediction
    {
        public uint PredictedLabel { get; set; }

        public float[] Score { get; set; } = [];
    }

    private sealed class SparseRow
    {
        [VectorType(4)]
        public VBuffer<float> Features { get; set; }
    }

    private sealed class ThreeFeatures
    {
        [VectorType(3)]
        public float[] Features { get; set; } = [1, 2, 3];
    }
}
