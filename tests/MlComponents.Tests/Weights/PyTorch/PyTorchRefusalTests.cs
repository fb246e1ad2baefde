using static MlComponents.Tests.Weights.PyTorch.Pickles;

namespace MlComponents.Tests.Weights.PyTorch;

/// <summary>Files that were made to harm, or were damaged.</summary>
[TestClass]
public sealed class PyTorchRefusalTests
{
    private const string Endless = "9223372036854775807";

    [TestMethod]
    [DataRow("cos\nsystem\n(S'true'\ntR.", "The file asks for 'os.system', but a file of weights may hold")]
    [DataRow(Begin + "cbuiltins\neval\nX\u0001\0\0\01\u0085R.", "'builtins.eval'")]
    [DataRow(Begin + "c__builtin__\ngetattr\n.", "'__builtin__.getattr'")]
    [DataRow(Begin + "ctorch.hub\nload\n.", "'torch.hub.load'")]
    [DataRow(Begin + "ctorch.storage\n_load_from_bytes\n.", "'torch.storage._load_from_bytes'")]
    [DataRow("\u0080\u0004\u008c\u0002os\u008c\u0006system\u0093.", "'os.system'")]
    [DataRow(Begin + "(S'true'\nios\nsystem\n.", "the operation 0x53 (STRING)")]
    [DataRow(Begin + "(ios\nsystem\n.", "the operation 0x69 (INST)")]
    [DataRow(Begin + "(ccollections\nOrderedDict\no.", "the operation 0x6f (OBJ)")]
    [DataRow(Begin + "ccollections\nOrderedDict\n)\u0081.", "the operation 0x81 (NEWOBJ)")]
    [DataRow(Begin + "\u0082\u0001.", "the operation 0x82 (EXT1)")]
    [DataRow(Begin + "\u0083\u0001\0.", "the operation 0x83 (EXT2)")]
    [DataRow(Begin + "\u0084\u0001\0\0\0.", "the operation 0x84 (EXT4)")]
    [DataRow(Begin + "P0\n.", "the operation 0x50 (PERSID)")]
    [DataRow(Begin + "\u00ff.", "the operation 0xff")]
    [DataRow("\u0080\u0001N.", "The pickle has protocol 1; 2 to 5 can be read")]
    [DataRow(Begin + "X\u0001\0\0\0a)R.", "uses a text where it can't be used")]
    [DataRow(Begin + "ctorch\nFloatStorage\n)R.", "uses a storage class where it can't be used")]
    [DataRow(Begin + "ccollections\nOrderedDict\nNR.", "uses None where it can't be used")]
    [DataRow(Begin + "ccollections\nOrderedDict\nK\u0001\u0085R.", "calls collections.OrderedDict with arguments")]
    [DataRow(Begin + "ctorch\nSize\n)R.", "calls torch.Size with arguments")]
    [DataRow(Begin + "ctorch._utils\n_rebuild_parameter\nNNN\u0087R.", "calls torch._utils._rebuild_parameter with arguments")]
    [DataRow(Begin + "ctorch._tensor\n_rebuild_from_type_v2\nq\0(h\0ctorch\nTensor\n)NtR.", "calls torch._tensor._rebuild_from_type_v2 with arguments")]
    [DataRow(Begin + "(X\u0006\0\0\0module)ttQ.", "from a mark that isn't there")]
    [DataRow(Begin + "(X\u0006\0\0\0moduleNNNtQ.", "refers to something outside ('module' of 4 parts)")]
    [DataRow(Begin + "K\u0001Q.", "uses a whole number where it can't be used")]
    [DataRow(Begin + "}}b.", "sets attributes of something that has none")]
    [DataRow(Begin + "]}b.", "uses a list where it can't be used")]
    [DataRow(Begin + "ccollections\nOrderedDict\n)R]b.", "sets attributes of something that has none")]
    [DataRow(Begin + "}K\u0001K\u0002sK\u0001a.", "uses a dictionary where it can't be used")]
    [DataRow(Begin + "}(K\u0001u.", "a key that has no value")]
    [DataRow(Begin + "}NNs.", "None as a key")]
    [DataRow(Begin + "}]Ns.", "a list as a key")]
    [DataRow(Begin + "}(X\u0001\0\0\0aNX\u0001\0\0\0aNu.", "the key 'a' twice")]
    [DataRow(Begin + ".", "takes a value where there is none")]
    [DataRow(Begin + "N(a.", "takes a value where there is none")]
    [DataRow(Begin + "t.", "from a mark that isn't there")]
    [DataRow(Begin + "NN.", "ends with values left over")]
    [DataRow(Begin + "h\u0005.", "uses value 5, which it never noted")]
    [DataRow(Begin + "X\u00ff\u00ff\u00ff\u007fa.", "announces 2147483647 bytes")]
    [DataRow(Begin + "\u008d\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u007fa.", "announces " + Endless + " bytes")]
    [DataRow(Begin + "\u0095\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u007fa.", "announces " + Endless + " bytes")]
    [DataRow(Begin + "X\u0001\0\0\0\u00ff.", "no UTF-8")]
    [DataRow(Begin + "}K\u0001", "ends in the middle")]
    [DataRow(Begin + "J\0", "ends in the middle")]
    [DataRow("", "ends in the middle")]
    public void Read_OfAPickleThatWeightsDontNeed_NamesWhatItIs(string pickle, string expected)
    {
        var file = Archive(pickle);

        StringAssert.Contains(Refusal(file), expected, StringComparison.Ordinal);
    }

    [TestMethod]
    [DataRow(2L, 0L, new long[] { 3 }, new long[] { 1 }, "reaches to element 2 of its storage '0', which has 2")]
    [DataRow(2L, 1L, new long[] { 2 }, new long[] { 1 }, "reaches to element 2")]
    [DataRow(2L, 3L, new long[] { 0 }, new long[] { 1 }, "doesn't lie inside the 2 elements")]
    [DataRow(2L, -1L, new long[] { 1 }, new long[] { 1 }, "doesn't lie inside")]
    [DataRow(2L, 0L, new long[] { -1 }, new long[] { 1 }, "doesn't lie inside")]
    [DataRow(2L, 1L, new long[] { 2 }, new long[] { -1 }, "doesn't lie inside")]
    [DataRow(2L, 0L, new long[] { 2 }, new long[] { long.MaxValue }, "reaches to element 9223372036854775807")]
    [DataRow(2L, 0L, new[] { long.MaxValue, long.MaxValue, long.MaxValue }, new[] { long.MaxValue, long.MaxValue, long.MaxValue }, "can be counted")]
    [DataRow(2L, 0L, new[] { long.MaxValue, 0 }, new long[] { 1, 1 }, "can be counted")]
    [DataRow(2L, 0L, new[] { 1L << 62 }, new long[] { 0 }, "can be counted")]
    [DataRow(2L, 0L, new long[] { 1, 2 }, new long[] { 1 }, "needs a stride for each dimension")]
    [DataRow(3L, 0L, new long[] { 1 }, new long[] { 1 }, "The storage '0' of 3 Float32 needs 12 bytes, but its entry has 8")]
    [DataRow(-1L, 0L, new long[] { 1 }, new long[] { 1 }, "The storage '0' is said to have -1 elements")]
    [DataRow(1L << 62, 0L, new long[] { 1 }, new long[] { 1 }, "elements, which no file has")]
    public void Read_OfATensorOutsideOfItsStorage_IsAnError(long count, long begin, long[] shape, long[] strides, string expected)
    {
        var file = Archive(Floats(count, begin, shape, strides), ("0", Raw(1, 2)));

        StringAssert.Contains(Refusal(file), expected, StringComparison.Ordinal);
    }

    [TestMethod]
    public void Read_OfMoreDimensionsThanLibtorchHas_IsAnError()
    {
        var ones = Enumerable.Repeat(1L, 65).ToArray();

        StringAssert.Contains(Refusal(Archive(Floats(2, 0, ones, ones), ("0", Raw(1, 2)))), "at most 64", StringComparison.Ordinal);
    }

    [TestMethod]
    public void Read_OfAStorageThatContradictsItself_IsAnError()
    {
        var two = $"{Begin}(" + Storage("FloatStorage", "0", 2) + Storage("IntStorage", "0", 2) + "t.";
        var missing = Floats(2, 0, [2], [1]);
        var foreignType = OneTensor($"ctorch._utils\n_rebuild_tensor_v3\n({Storage("FloatStorage", "0", 2)}{Integer(0)}{Sizes(1)}{Sizes(1)}{Hooks}ctorch\nint32\ntR");
        var unknownType = OneTensor($"ctorch._utils\n_rebuild_tensor_v3\n({Storage("ByteStorage", "0", 8)}{Integer(0)}{Sizes(1)}{Sizes(1)}{Hooks}ctorch\nfloat8_e5m2\ntR");
        var noStorage = OneTensor($"{RebuildTensor}(N{Integer(0)}{Sizes(1)}{Sizes(1)}{Hooks}tR");
        var noSizes = OneTensor($"{RebuildTensor}({Storage("FloatStorage", "0", 2)}{Integer(0)}N{Sizes(1)}{Hooks}tR");

        StringAssert.Contains(Refusal(Archive(two, ("0", Raw(1, 2)))), "is said to be 2 Float32 and also 2 Int32", StringComparison.Ordinal);
        StringAssert.Contains(Refusal(Archive(missing, ("1", Raw(1, 2)))), "no entry for the storage '0'", StringComparison.Ordinal);
        StringAssert.Contains(Refusal(Archive(foreignType, ("0", Raw(1, 2)))), "can't be seen as torch.int32", StringComparison.Ordinal);
        StringAssert.Contains(Refusal(Archive(unknownType, ("0", Raw(1, 2)))), "torch.float8_e5m2, which TorchSharp hasn't", StringComparison.Ordinal);
        StringAssert.Contains(Refusal(Archive(noStorage)), "has None where a tensor's storage belongs", StringComparison.Ordinal);
        StringAssert.Contains(Refusal(Archive(noSizes, ("0", Raw(1, 2)))), "has None where a tensor's sizes belong", StringComparison.Ordinal);
    }

    [TestMethod]
    public void Read_OfAPickleThatHoldsItself_Ends()
    {
        var inside = $"{Begin}]q\0h\0ah\0a.";

        StringAssert.Contains(Refusal(Archive(inside)), "The file holds a list without tensors; no key of it holds tensors", StringComparison.Ordinal);
    }

    [TestMethod]
    [DataRow("]", "", "more values than its length gives reason for")]
    [DataRow("]\u0094", "", "more values than its length gives reason for")]
    [DataRow("h\0h\u0001R", "ccollections\nOrderedDict\nq\0]q\u0001((K\0K\0t(K\u0001K\0t(K\u0002K\0te\u0085q\u0001", "more values than its length gives reason for")]
    [DataRow("h\0r\u00ff\u00ff\u00ff\u00ff", "]q\0", "notes value 4294967295, far more than")]
    [DataRow("N", "", "piles up more than 1048576 values")]
    [DataRow("(", "", "nests values more than 1000 deep")]
    [DataRow("\u0085", "N", "more values than its length gives reason for")]
    public void Read_OfAPickleThatOnlyTakesMemory_StopsSoon(string repeated, string first, string expected)
    {
        var file = Archive(Begin + first + string.Concat(Enumerable.Repeat(repeated, 2_000_000 / repeated.Length)) + ".");

        var before = GC.GetAllocatedBytesForCurrentThread();
        var message = Refusal(file);
        var taken = GC.GetAllocatedBytesForCurrentThread() - before;

        StringAssert.Contains(message, expected, StringComparison.Ordinal);
        Assert.IsLessThan(32L * file.Length, taken);
    }

    [TestMethod]
    public void Read_OfATensorMadeAgainAndAgain_StopsSoon()
    {
        var arguments = $"({Storage("FloatStorage", "0", 1)}{Integer(0)}{Sizes([.. Enumerable.Repeat(1L, 64)])}{Sizes(new long[64])}{Hooks}t";
        var file = Archive($"{Begin}]({RebuildTensor}q\0{arguments}q\u0001R{string.Concat(Enumerable.Repeat("h\0h\u0001R", 50_000))}e.", ("0", Raw(1)));

        StringAssert.Contains(Refusal(file), "more values than its length gives reason for", StringComparison.Ordinal);
    }

    [TestMethod]
    public void Read_OfAKeyOfLongTexts_StopsBeforeTheyArePutTogether()
    {
        var file = Archive($"{Begin}}}{Text("a")}{Text(new string('x', 1_000_000))}q\0s(h\0h\0h\0h\0h\0h\0h\0h\0tNs.");

        var before = GC.GetAllocatedBytesForCurrentThread();
        var message = Refusal(file);
        var taken = GC.GetAllocatedBytesForCurrentThread() - before;

        StringAssert.Contains(message, "of 1000000 characters, but 1000 are allowed", StringComparison.Ordinal);
        Assert.IsLessThan(8L * file.Length, taken);
    }

    [TestMethod]
    public void Read_OfAHugeText_IsAnError()
    {
        byte[] file = [.. Legacy("", ""), .. Bytes($"{Begin}X\u0001\u00e1\u00f5\u0005"), .. new byte[100_000_002]];

        StringAssert.Contains(Refusal(file), "a value of 100000001 bytes, but 100000000 are allowed", StringComparison.Ordinal);
    }

    [TestMethod]
    public void Read_OfTruthValuesSaidToBeNegatives_IsAnError()
    {
        var tensor = Tensor(Storage("BoolStorage", "0", 1), 0, [1], [1], $"}}{Text("neg")}\u0088s");

        StringAssert.Contains(Refusal(Archive(OneTensor(tensor), ("0", [1]))), "the negatives of truth values", StringComparison.Ordinal);
    }

    [TestMethod]
    public void Read_OfVeryLongNames_IsAnError()
    {
        var name = Text(new string('x', 1001));
        var storage = Storage("FloatStorage", new string('x', 1001), 1);

        StringAssert.Contains(Refusal(Archive($"{Begin}}}{name}Ns.")), "of 1001 characters, but 1000 are allowed", StringComparison.Ordinal);
        StringAssert.Contains(Refusal(Archive($"{Begin}{storage}.")), "with 1001 characters, but 1000 are allowed", StringComparison.Ordinal);
    }

    [TestMethod]
    public void Read_OfAnotherByteOrder_SaysSo()
    {
        using var stream = new MemoryStream();
        var zip = new ZipWriter(stream);
        zip.Add("a/data.pkl", Bytes($"{Begin}}}."));
        zip.Add("a/byteorder", "big"u8);
        zip.Finish();
        var legacy = Legacy($"{Begin}}}.", Keys());
        legacy[legacy.AsSpan().IndexOf("little_endian\u0088"u8[..13]) + 13] = 0x89;   // False

        StringAssert.Contains(Refusal(stream.ToArray()), "The file's byte order is 'big', and only 'little' can be read", StringComparison.Ordinal);
        StringAssert.Contains(Refusal(legacy), "The file comes from a big-endian machine", StringComparison.Ordinal);
    }

    [TestMethod]
    public void Read_OfOtherFiles_SaysWhatTheyAre()
    {
        var tar = new byte[600];
        "ustar"u8.CopyTo(tar.AsSpan(257));

        StringAssert.Contains(Refusal(tar), "the tar layout of PyTorch before 0.1.10", StringComparison.Ordinal);
        StringAssert.Contains(Refusal([]), "no file of PyTorch's torch.save", StringComparison.Ordinal);
        StringAssert.Contains(Refusal(Deflated(("a.txt", [1]))), "one folder with a data.pkl, but this zip archive has 0", StringComparison.Ordinal);
        StringAssert.Contains(Refusal(Deflated(("a/data.pkl", [1]), ("b/data.pkl", [1]))), "but this zip archive has 2", StringComparison.Ordinal);
        StringAssert.Contains(Refusal(Bytes($"{Begin}K\u0001.")), "magic number is another one", StringComparison.Ordinal);
    }

    [TestMethod]
    public void Read_OfAnOlderFileThatContradictsItself_SaysWhere()
    {
        var pickle = Floats(2, 0, [2], [1]);

        StringAssert.Contains(Refusal(Legacy(pickle, Keys("0"), Counted(1, 2, 3))), "has 3 elements, but the pickle speaks of 2", StringComparison.Ordinal);
        StringAssert.Contains(Refusal(Legacy(pickle, Keys("0"), Counted(1, 2)[..^1])), "more than the file has left", StringComparison.Ordinal);
        StringAssert.Contains(Refusal(Legacy(pickle, Keys("0"), [1])), "ends in the middle of the storage '0'", StringComparison.Ordinal);
        StringAssert.Contains(Refusal(Legacy(pickle, Keys(), [])), "tensors of the storage '0', but not its bytes", StringComparison.Ordinal);
        StringAssert.Contains(Refusal(Legacy(pickle, Keys("0", "0"), Counted(1, 2), Counted(1, 2))), "lists the storage '0' twice", StringComparison.Ordinal);
        StringAssert.Contains(Refusal(Legacy(pickle, Keys("1"), Counted(1, 2))), "lists the storage '1' twice, or no tensor needs it", StringComparison.Ordinal);
        StringAssert.Contains(Refusal(Legacy(pickle, Keys("0"), Counted(1, 2), [9])), "goes on for 1 bytes after its last storage", StringComparison.Ordinal);
        StringAssert.Contains(Refusal(Legacy(Floats(1L << 40, 0, [2], [1]), Keys("0"))), "more than the file has left: it is cut off", StringComparison.Ordinal);
        StringAssert.Contains(Refusal(Legacy(pickle, $"{Begin}N.", Counted(1, 2))), "no list of its storages", StringComparison.Ordinal);
        StringAssert.Contains(Refusal(Legacy(pickle, $"{Begin}]K\u0001a.", Counted(1, 2))), "has a whole number where a key belongs", StringComparison.Ordinal);
    }

    [TestMethod]
    [DataRow(5L, 2L)]
    [DataRow(-1L, 2L)]
    [DataRow(0L, 7L)]
    [DataRow(long.MaxValue, long.MaxValue)]
    public void Read_OfAViewOutsideOfAnOldStorage_IsAnError(long begin, long count)
    {
        var view = $"({Text("v")}{Integer(begin)}{Integer(count)}t";
        var pickle = OneTensor(Tensor(Storage("FloatStorage", "7", 6, view), 0, [1], [1]));

        StringAssert.Contains(Refusal(Legacy(pickle, Keys("7"), Counted(0, 1, 2, 3, 4, 5))), "a view that doesn't lie inside of it", StringComparison.Ordinal);
    }

    [TestMethod]
    [DataRow("views.pth")]
    [DataRow("views-legacy.pth")]
    [DataRow("module.pth")]
    [DataRow("deflated.pth")]
    [DataRow("wide.pth")]
    public void Read_OfAFileCutAnywhere_IsAnError(string file)
    {
        var bytes = File.ReadAllBytes(WeightFixtures.Path(file));

        for (var length = 0; length < bytes.Length; length += length < bytes.Length - 64 ? 7 : 1)
            Refusal(bytes[..length]);
    }
}
