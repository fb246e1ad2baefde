namespace MlComponents.Tests.Weights;

/// <summary>Whatever a file holds, reading it gives tensors or an <see cref="InvalidDataException"/>, and takes memory in proportion to the file.</summary>
[TestClass]
public sealed class WeightFuzzTests
{
    private const long FixedBytes = 128 * 1024;   // what reading the smallest file takes, error messages included
    private const long BytesPerByte = 8;

    [TestMethod]
    public void Read_OfDamagedFiles_GivesTensorsOrAnError() => Fuzz(10_000, seed: 1);

    [TestMethod]
    [SlowTest]
    [TestCategory("Slow")]
    [TestCategory("Fuzz")]
    public void Read_OfAHundredThousandDamagedFiles_GivesTensorsOrAnError() => Fuzz(100_000, seed: 2);

    [TestMethod]
    public void Mutate_WithOneSeed_GivesTheSameDamage()
    {
        var file = File.ReadAllBytes(WeightFixtures.Path("views.pth"));

        var (first, second) = (new Mutator(7), new Mutator(7));

        for (var i = 0; i < 20; i++)
            CollectionAssert.AreEqual(first.Mutate(file), second.Mutate(file));
    }

    private static void Fuzz(int count, int seed)
    {
        var files = ValidFiles();
        var (fine, refused, before) = (0, 0, TensorAssert.LiveCount());
        for (var i = 0; i < count; i++)
        {
            var (name, file) = files[i % files.Count];
            var damaged = new Mutator(seed * 1_000_000 + i).Mutate(file);
            if (IsRead(damaged, $"{name}, damage {seed * 1_000_000 + i}"))
                fine++;
            else
                refused++;
        }

        Assert.IsGreaterThan(count / 50, fine, "hardly a file was read: the damage is too much to reach the depths");
        Assert.IsGreaterThan(count / 2, refused);
        Assert.AreEqual(before, TensorAssert.LiveCount(), "tensors are left");
    }

    private static bool IsRead(byte[] file, string what)
    {
        using var scope = NewDisposeScope();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Dictionary<string, Tensor>? tensors = null;
        try
        {
            tensors = file is [_, _, _, _, _, _, _, _, (byte)'{', ..] ? Safetensors.Read(new MemoryStream(file)) : PyTorchFile.Read(new MemoryStream(file));
        }
        catch (InvalidDataException e)
        {
            Assert.IsGreaterThan(20, e.Message.Length, what);
        }
        catch (Exception e)
        {
            throw new AssertFailedException($"{what}: {e.GetType().Name} instead of an InvalidDataException: {e.Message}", e);
        }

        Assert.IsLessThan(FixedBytes + BytesPerByte * file.Length, GC.GetAllocatedBytesForCurrentThread() - before, what);
        foreach (var tensor in tensors?.Values ?? Enumerable.Empty<Tensor>())
            Assert.IsLessThanOrEqualTo((what.StartsWith("deflated", StringComparison.Ordinal) ? (long)ZipDirectory.LargestExpansion : 1) * file.Length, StorageBytes(tensor), what);
        return tensors is not null;
    }

    /// <summary>Bytes that a tensor reaches over: no more than its storage has.</summary>
    private static long StorageBytes(Tensor tensor) =>
        tensor.numel() == 0 ? 0 : (1 + tensor.shape.Zip(tensor.stride(), (size, stride) => (size - 1) * stride).Sum()) * tensor.ElementSize;

    private static List<(string Name, byte[] Bytes)> ValidFiles()
    {
        using var scope = NewDisposeScope();
        var files = WeightFixtures.Paths(".pth").Where(path => !Path.GetFileName(path).StartsWith("checkpoint", StringComparison.Ordinal))
            .Select(path => (Path.GetFileName(path), File.ReadAllBytes(path))).ToList();
        var types = PyTorchFile.Read(WeightFixtures.Path("types.pth"));
        types.Remove("complex128");
        foreach (var (name, tensors) in new[] { ("types", types), ("views", PyTorchFile.Read(WeightFixtures.Path("views.pth"))), ("module", PyTorchFile.Read(WeightFixtures.Path("module.pth"))) })
        {
            using var safetensors = new MemoryStream();
            using var zip = new MemoryStream();
            Safetensors.Write(safetensors, tensors, new Dictionary<string, string> { ["format"] = "pt" });
            PyTorchFile.Write(zip, tensors);
            files.AddRange([($"{name}.safetensors", safetensors.ToArray()), ($"{name}.pth, ours", zip.ToArray()), ($"{name}.safetensors, again", safetensors.ToArray())]);
        }
        return files;
    }
}
