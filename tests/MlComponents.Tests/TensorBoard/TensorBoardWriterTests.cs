using System.Text;

namespace MlComponents.Tests.TensorBoards;

[TestClass]
public sealed class TensorBoardWriterTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory().FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [TestMethod]
    public void AFile_BeginsWithItsVersionAndTheStartOfASession()
    {
        var before = DateTimeOffset.UtcNow.ToUnixTimeSeconds();

        Write(_ => { });

        var path = EventFiles.Of(folder).Single();
        var events = EventFiles.Read(path);
        Assert.HasCount(2, events);
        Assert.AreEqual("brain.Event:2", events[0].Text(3));
        Assert.AreEqual(1, events[1].Message(7).Int(1));
        Assert.AreEqual(0, events[1].Int(2));
        foreach (var e in events)
            Assert.IsInRange(before, DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 1, e.Double(1));
        var parts = Path.GetFileName(path).Split('.');
        Assert.AreEqual($"{long.Parse(parts[3]):D10}", parts[3]);
        Assert.IsInRange(before, before + 60, long.Parse(parts[3]));
    }

    [TestMethod]
    [DataRow(0.1, 0L)]
    [DataRow(-3.5e30, 1L)]
    [DataRow(double.NaN, 7L)]
    [DataRow(double.PositiveInfinity, 5_000_000_000L)]
    public void Scalar_OfANumber_IsReadBack(double number, long step)
    {
        Write(writer => writer.Scalar("step/loss", number, step));

        var value = EventFiles.Values(folder).Single();
        Assert.AreEqual(("step/loss", step, (float)number), (value.Tag, value.Step, value.Scalar));
        Assert.IsTrue(value.Value.Has(2));
    }

    [TestMethod]
    public void Histogram_OfNumbers_AddsUp()
    {
        using var scope = NewDisposeScope();
        var x = randn(1000, generator: new Generator(1));
        x[3] = tensor(float.NaN);
        x[4] = tensor(float.PositiveInfinity);

        Write(writer => writer.Histogram("weights/a", x, step: 4));

        var numbers = x.data<float>().ToArray().Where(float.IsFinite).Select(value => (double)value).ToArray();
        var value = EventFiles.Values(folder).Single();
        var histogram = value.Histogram;
        Assert.AreEqual(("weights/a", 4L), (value.Tag, value.Step));
        Assert.AreEqual(numbers.Min(), histogram.Double(1));
        Assert.AreEqual(numbers.Max(), histogram.Double(2));
        Assert.AreEqual(998.0, histogram.Double(3));
        Assert.AreEqual(numbers.Sum(), histogram.Double(4), 1e-9);
        Assert.AreEqual(numbers.Sum(number => number * number), histogram.Double(5), 1e-9);
        var (limits, counts) = (histogram.Doubles(6), histogram.Doubles(7));
        Assert.HasCount(64, limits);
        Assert.AreEqual(numbers.Max(), limits[^1]);
        for (var i = 0; i < limits.Length - 1; i++)   // cumulated, up to numbers on a limit
            Assert.AreEqual(numbers.Count(number => number < limits[i]), counts[..(i + 1)].Sum(), 1);
        Assert.AreEqual(998.0, counts.Sum());
    }

    [TestMethod]
    public void Histogram_OfEqualNumbers_IsOneBucketAndOfNoneNothing()
    {
        using var scope = NewDisposeScope();

        Write(writer =>
        {
            writer.Histogram("same", full(2, 3, 0.25), step: 1);
            writer.Histogram("whole", tensor([1L, 1L]), step: 1);
            writer.Histogram("none", tensor(new[] { float.NaN }), step: 1);
            writer.Histogram("empty", zeros(0), step: 1);
        });

        var values = EventFiles.Values(folder);
        CollectionAssert.AreEqual(new[] { "same", "whole" }, values.Select(value => value.Tag).ToArray());
        CollectionAssert.AreEqual(new[] { 0.25 }, values[0].Histogram.Doubles(6));
        CollectionAssert.AreEqual(new[] { 6.0 }, values[0].Histogram.Doubles(7));
    }

    [TestMethod]
    [DataRow(1, 0)]
    [DataRow(3, 2)]
    [DataRow(4, 6)]
    public void Image_OfAnyChannels_DecodesToItsPixels(int channels, int colourType)
    {
        using var scope = NewDisposeScope();
        var pixels = randint(0, 256, [channels, 5, 7], ScalarType.Byte, generator: new Generator(1));

        Write(writer => writer.Image("bytes", pixels, step: 2, "a **note**"));

        var value = EventFiles.Values(folder).Single();
        Assert.AreEqual((5L, 7L, (long)channels), (value.Image.Int(1), value.Image.Int(2), value.Image.Int(3)));
        var png = PngPixels.Decode(value.Image.Bytes(4));
        Assert.AreEqual((7, 5, colourType), (png.Width, png.Height, png.ColourType));
        CollectionAssert.AreEqual(pixels.permute(1, 2, 0).contiguous().data<byte>().ToArray(), png.Values);
        Assert.AreEqual(("images", "a **note**", 3L), (value.Plugin, value.Metadata.Text(3), value.Metadata.Int(4)));
    }

    [TestMethod]
    public void Image_OfNumbers_IsRoundedAndCutOff()
    {
        using var scope = NewDisposeScope();

        Write(writer => writer.Image("numbers", tensor([0, 1, 0.5f, -2, 3, float.NaN], [1, 2, 3]), step: 0));

        CollectionAssert.AreEqual(new byte[] { 0, 255, 128, 0, 255, 0 }, PngPixels.Decode(EventFiles.Values(folder).Single().Image.Bytes(4)).Values);
    }

    [TestMethod]
    public void Image_OfAnotherShape_IsRefused()
    {
        using var scope = NewDisposeScope();
        using var writer = new TensorBoardWriter(folder);

        var e = Assert.ThrowsExactly<ArgumentException>(() => writer.Image("x", zeros(2, 5, 5), step: 0));

        StringAssert.Contains(e.Message, "The picture has the shape [2, 5, 5] and the dtype Float32; it must be [C, H, W] with 1, 3 or 4 channels");
    }

    [TestMethod]
    public void Text_OfMarkdown_IsATensorOfTheTextPlugin()
    {
        Write(writer => writer.Text("notes", "# Über **alles**\n", step: 9));

        var value = EventFiles.Values(folder).Single();
        Assert.AreEqual(("notes", 9L, "text", 2L), (value.Tag, value.Step, value.Plugin, value.Metadata.Int(4)));
        Assert.AreEqual(7, value.Tensor.Int(1));   // DT_STRING
        CollectionAssert.AreEqual(new long[] { 1 }, value.TensorShape);
        Assert.AreEqual("# Über **alles**\n", value.Tensor.Texts(8).Single());
    }

    [TestMethod]
    public void HyperParameters_AreAnExperimentAndASession()
    {
        Write(writer =>
        {
            writer.HyperParameters(new Dictionary<string, object?> { ["rate"] = 1e-3, ["batch"] = 32, ["shuffle"] = false, ["optimizer"] = "adamw", ["none"] = null }, ["validation/loss", "time"]);
            writer.EndSession(succeeded: true);
        });

        var values = EventFiles.Values(folder).ToDictionary(value => value.Tag);
        CollectionAssert.AreEqual(new[] { "_hparams_/experiment", "_hparams_/session_start_info", "_hparams_/session_end_info" }, values.Keys.ToArray());
        Assert.IsTrue(values.Values.All(value => value.Plugin == "hparams" && value.Metadata.Int(4) == 2 && value.TensorShape is [1]));

        var experiment = new WireMessage(values["_hparams_/experiment"].PluginContent).Message(2);
        CollectionAssert.AreEqual(
            new[] { ("rate", 3L), ("batch", 3L), ("shuffle", 2L), ("optimizer", 1L), ("none", 1L) }, experiment.Messages(4).Select(info => (info.Text(1), info.Int(4))).ToArray());
        CollectionAssert.AreEqual(new[] { ("validation", "loss"), ("", "time") }, experiment.Messages(5).Select(info => (info.Message(1).Text(1), info.Message(1).Text(2))).ToArray());

        var session = new WireMessage(values["_hparams_/session_start_info"].PluginContent).Message(3);
        var parameters = session.Map(1);
        Assert.AreEqual(1e-3, parameters["rate"].Double(2));
        Assert.AreEqual(32.0, parameters["batch"].Double(2));
        Assert.IsTrue(parameters["shuffle"].Has(4) && parameters["shuffle"].Int(4) == 0);
        Assert.AreEqual("adamw", parameters["optimizer"].Text(3));
        Assert.IsGreaterThan(1.7e9, session.Double(5));
        var end = new WireMessage(values["_hparams_/session_end_info"].PluginContent).Message(4);
        Assert.AreEqual(1, end.Int(1));
        Assert.IsGreaterThanOrEqualTo(session.Double(5), end.Double(2));
    }

    [TestMethod]
    public void PrecisionRecallCurve_OfRows_CountsByHand()
    {
        using var scope = NewDisposeScope();

        Write(writer => writer.PrecisionRecallCurve("pr", tensor([true, true, false, false]), tensor([0.9, 0.5, 0.5, 0.1]), step: 3, thresholds: 3));

        var value = EventFiles.Values(folder).Single();
        Assert.AreEqual(("pr", 3L, "pr_curves", 2L), (value.Tag, value.Step, value.Plugin, value.Metadata.Int(4)));
        Assert.AreEqual(3, new WireMessage(value.PluginContent).Int(2));
        Assert.AreEqual(1, value.Tensor.Int(1));   // DT_FLOAT
        CollectionAssert.AreEqual(new long[] { 6, 3 }, value.TensorShape);
        CollectionAssert.AreEqual(new float[]   // at 0, 0.5 and 1
        {
            2, 2, 0,
            2, 1, 0,
            0, 1, 2,
            0, 0, 2,
            0.5f, 2f / 3, 1,
            1, 1, 0,
        }, value.Tensor.Floats(5));
    }

    [TestMethod]
    public void PrecisionRecallCurve_OfUnequalVectors_IsRefused()
    {
        using var scope = NewDisposeScope();
        using var writer = new TensorBoardWriter(folder);

        var e = Assert.ThrowsExactly<ArgumentException>(() => writer.PrecisionRecallCurve("pr", zeros(3), zeros(4), step: 0));

        StringAssert.Contains(e.Message, "A curve is of vectors of one length, but there is one of shape [4] beside labels of shape [3].");
    }

    [TestMethod]
    public void BadArguments_AreRefused()
    {
        using var writer = new TensorBoardWriter(folder);

        Assert.ThrowsExactly<ArgumentException>(() => writer.Scalar("", 1, step: 0));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => writer.Scalar("x", 1, step: -1));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new TensorBoardWriter(folder, firstStep: -1));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => new TensorBoardWriter(folder, flushSeconds: 0));
    }

    [TestMethod]
    public void Everything_LeavesNoTensors() => TensorAssert.LeavesOnly(3, () =>
    {
        var (x, image, label) = (randn(20), rand(3, 4, 4), zeros(20));
        Write(writer =>
        {
            writer.Histogram("x", x, step: 0);
            writer.Image("y", image, step: 0);
            writer.PrecisionRecallCurve("z", label, x, step: 0);
            writer.Graph(new Mlp { Hidden = [4] }, NetworkContext.Of([3], outputs: 2));
        });
    });

    [TestMethod]
    public void ASecondFile_ComesAfterTheFirstAndTakesBackItsLaterSteps()
    {
        Write(writer =>
        {
            for (var step = 1; step <= 5; step++)
                writer.Scalar("loss", step, step);
        });
        Write(writer =>
        {
            for (var step = 4; step <= 6; step++)
                writer.Scalar("loss", 10 * step, step);
        }, firstStep: 4);

        Assert.HasCount(2, EventFiles.Of(folder));
        Assert.HasCount(8, EventFiles.Values(folder));
        CollectionAssert.AreEqual(
            new[] { (1L, 1f), (2L, 2f), (3L, 3f), (4L, 40f), (5L, 50f), (6L, 60f) }, EventFiles.Shown(folder).Select(value => (value.Step, value.Scalar)).ToArray());
    }

    [TestMethod]
    public void Flush_OfALiveFile_ShowsWhatWasWritten()
    {
        using var writer = new TensorBoardWriter(folder, flushSeconds: 3600);
        writer.Scalar("loss", 1, step: 1);
        Assert.IsEmpty(EventFiles.Of(folder));

        writer.Flush();

        Assert.AreEqual(1f, EventFiles.Values(folder).Single().Scalar);
    }

    private void Write(Action<TensorBoardWriter> write, long firstStep = 0)
    {
        using var writer = new TensorBoardWriter(folder, firstStep);
        write(writer);
        writer.Dispose();
        Assert.IsNull(writer.Error);
    }
}
