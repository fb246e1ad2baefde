using System.Buffers.Binary;
using System.Text;

namespace MlComponents.Tests.Weights;

[TestClass]
public sealed class SafetensorsTests
{
    private static readonly ScalarType[] Types =
    [
        ScalarType.Bool, ScalarType.Byte, ScalarType.Int8, ScalarType.Int16, ScalarType.Int32, ScalarType.Int64, ScalarType.Float16, ScalarType.BFloat16,
        ScalarType.Float32, ScalarType.Float64, ScalarType.ComplexFloat32,
    ];

    [TestMethod]
    public void Write_OfTwoTensors_GivesTheBytesOfTheFormat()
    {
        using var scope = NewDisposeScope();
        const string Header = """{"a":{"dtype":"I16","shape":[3],"data_offsets":[0,6]},"b":{"dtype":"F32","shape":[1,2],"data_offsets":[6,14]}}""";
        byte[] data = [1, 0, 2, 0, 255, 255, 0, 0, 128, 63, 0, 0, 0, 192];   // 1, 2, −1 as int16; 1 and −2 as IEEE 754 float32, little-endian

        var bytes = Written(("b", tensor(new[] { 1f, -2f }).view(1, 2)), ("a", tensor(new short[] { 1, 2, -1 })));

        var length = (Header.Length + 7) / 8 * 8;
        Assert.AreEqual(length, BinaryPrimitives.ReadInt64LittleEndian(bytes));
        Assert.AreEqual(Header.PadRight(length), Encoding.UTF8.GetString(bytes, 8, length));
        CollectionAssert.AreEqual(data, bytes[(8 + length)..]);
    }

    [TestMethod]
    public void Write_OfTheSameTensorsInAnotherOrder_GivesTheSameBytes()
    {
        using var scope = NewDisposeScope();
        var (a, b) = (rand(3, 4), rand(5));

        CollectionAssert.AreEqual(Written(("a", a), ("b", b)), Written(("b", b), ("a", a)));
    }

    [TestMethod]
    public void Read_OfEveryElementType_GivesTheTensorsBack()
    {
        using var scope = NewDisposeScope();
        foreach (var type in Types)
        {
            var original = arange(-6, 6).to(type).view(3, 4);

            var read = Safetensors.Read(new MemoryStream(Written(("x", original))))["x"];

            Assert.AreEqual(type, read.dtype);
            CollectionAssert.AreEqual(original.shape, read.shape);
            CollectionAssert.AreEqual(original.bytes.ToArray(), read.bytes.ToArray());
        }
    }

    [TestMethod]
    public void Read_OfViewsScalarsAndNothing_GivesTheirValuesBack()
    {
        using var scope = NewDisposeScope();
        var matrix = arange(12).to(ScalarType.Float32).view(3, 4);

        var read = Safetensors.Read(new MemoryStream(Written(("transposed", matrix.t()), ("part", matrix.narrow(1, 1, 2)), ("scalar", tensor(7L)), ("none", empty(0, 3)))));

        TensorAssert.AreClose(matrix.t(), read["transposed"], 0);
        TensorAssert.AreClose(matrix.narrow(1, 1, 2), read["part"], 0);
        Assert.AreEqual(7L, read["scalar"].item<long>());
        CollectionAssert.AreEqual(new long[] { 0, 3 }, read["none"].shape);
    }

    [TestMethod]
    public void Read_OfMoreThanOnePiece_GivesTheTensorBack()
    {
        using var scope = NewDisposeScope();
        var large = arange(700_001).to(ScalarType.Float32);

        TensorAssert.AreClose(large, Safetensors.Read(new MemoryStream(Written(("x", large))))["x"], 0);
    }

    [TestMethod]
    public void Read_LeavesOnlyItsTensors() => TensorAssert.LeavesOnly(2, () =>
    {
        byte[] bytes;
        using (NewDisposeScope())
            bytes = Written(("a", ones(2)), ("b", ones(3)));
        Safetensors.Read(new MemoryStream(bytes));
    });

    [TestMethod]
    public void Write_OfATypeThatTheFormatLacks_SaysSo()
    {
        using var scope = NewDisposeScope();

        var e = Assert.ThrowsExactly<ArgumentException>(() => Written(("x", zeros(1, ScalarType.ComplexFloat64))));

        StringAssert.Contains(e.Message, "The tensor 'x' is ComplexFloat64, which safetensors files can't hold", StringComparison.Ordinal);
    }

    [TestMethod]
    public void Read_OfAFileCutAnywhere_IsAnError()
    {
        using var scope = NewDisposeScope();
        var bytes = Written(("a", rand(3)), ("b", rand(2, 2)));

        for (var length = 0; length < bytes.Length; length++)
            Assert.ThrowsExactly<InvalidDataException>(() => Safetensors.Read(new MemoryStream(bytes[..length])), $"{length} of {bytes.Length} bytes");
    }

    [TestMethod]
    [DataRow("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 12, "The header speaks of 8 bytes of data, but there are 12")]
    [DataRow("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,8]}}""", 8, "doesn't fit its data_offsets")]
    [DataRow("""{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,8]}}""", 8, "doesn't fit its data_offsets")]
    [DataRow("""{"a":{"dtype":"F32","shape":[9223372036854775807,9223372036854775807,9223372036854775807],"data_offsets":[0,8]}}""", 8, "doesn't fit")]
    [DataRow("""{"a":{"dtype":"F32","shape":[9223372036854775807,0],"data_offsets":[0,8]}}""", 8, "doesn't fit its data_offsets")]
    [DataRow("""{"a":{"dtype":"F32","shape":[9223372036854775807,0],"data_offsets":[0,0]}}""", 0, "doesn't fit its data_offsets")]
    [DataRow("""{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", 8, "whole numbers from 0")]
    [DataRow("""{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,8]}}""", 8, "whole numbers from 0")]
    [DataRow("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", 8, "doesn't fit its data_offsets")]
    [DataRow("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8,9]}}""", 8, "needs two data_offsets")]
    [DataRow("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", 12, "without gap or overlap")]
    [DataRow("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}""", 12, "without gap or overlap")]
    [DataRow("""{"a":{"dtype":"Q4","shape":[2],"data_offsets":[0,8]}}""", 8, "the type 'Q4', which isn't known")]
    [DataRow("""{"a":{"dtype":"F8_E4M3","shape":[8],"data_offsets":[0,8]}}""", 8, "the type 'F8_E4M3', which TorchSharp has no element type for; known are BOOL")]
    [DataRow("""{"a":{"dtype":"U16","shape":[4],"data_offsets":[0,8]}}""", 8, "the type 'U16', which TorchSharp has no element type for")]
    [DataRow("""{"__metadata__":{"format":1}}""", 0, "__metadata__ must hold texts by name")]
    [DataRow("""{"__metadata__":[]}""", 0, "__metadata__ must hold texts by name")]
    [DataRow("""{"\ud800":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}""", 0, "no Unicode")]
    [DataRow("""{"a":{"dtype":"\ud800","shape":[0],"data_offsets":[0,0]}}""", 0, "no Unicode")]
    [DataRow("""{"a":{"dtype":"U8","dtype":"I8","shape":[0],"data_offsets":[0,0]}}""", 0, "no valid JSON")]
    [DataRow("""{"a":{"dtype":"F32","shape":[2]}}""", 8, "needs a dtype, a shape and data_offsets")]
    [DataRow("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 8, "no valid JSON")]
    [DataRow("""[1]""", 0, "must begin with")]
    [DataRow(""" {}""", 0, "must begin with")]
    [DataRow("""{"a":""", 0, "no valid JSON")]
    [DataRow("""{"a":{"dtype":"F32","shape":[[[[[[[[[1]]]]]]]]],"data_offsets":[0,4]}}""", 4, "no valid JSON")]
    public void Read_OfAHeaderThatContradictsItself_SaysWhere(string header, int dataLength, string expected)
    {
        byte[] bytes = [.. BitConverter.GetBytes((long)header.Length), .. Encoding.UTF8.GetBytes(header), .. new byte[dataLength]];

        var e = Assert.ThrowsExactly<InvalidDataException>(() => Safetensors.Read(new MemoryStream(bytes)));

        StringAssert.Contains(e.Message, expected, StringComparison.Ordinal);
    }

    [TestMethod]
    [DataRow(long.MaxValue)]
    [DataRow(-1L)]
    [DataRow(100L)]
    public void Read_OfAHeaderLongerThanTheFile_IsAnErrorBeforeMemoryIsTaken(long length)
    {
        byte[] bytes = [.. BitConverter.GetBytes(length), .. new byte[20]];

        var e = Assert.ThrowsExactly<InvalidDataException>(() => Safetensors.Read(new MemoryStream(bytes)));

        StringAssert.Contains(e.Message, $"The header is said to have {(ulong)length} bytes, but 20 follow", StringComparison.Ordinal);
    }

    [TestMethod]
    public void Read_OfAFileWithMetadata_LeavesThatOut()
    {
        using var scope = NewDisposeScope();
        const string Header = """{"__metadata__":{"format":"pt"},"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}}""";
        byte[] bytes = [.. BitConverter.GetBytes((long)Header.Length), .. Encoding.UTF8.GetBytes(Header), 5, 6];

        var read = Safetensors.Read(new MemoryStream(bytes));

        Assert.HasCount(1, read);
        CollectionAssert.AreEqual(new byte[] { 5, 6 }, read["a"].data<byte>().ToArray());
    }

    [TestMethod]
    public void Read_OfTensorsWithoutElementsBesideOthers_TakesTheirShapes()
    {
        using var scope = NewDisposeScope();
        var tensors = new[] { ("a", empty(0)), ("b", ones(2)), ("c", empty(2, 0, 3)), ("d", tensor(5f)) };

        var read = Safetensors.Read(new MemoryStream(Written(tensors)));

        CollectionAssert.AreEqual(new long[] { 2, 0, 3 }, read["c"].shape);
        CollectionAssert.AreEqual(Array.Empty<long>(), read["d"].shape);
        Assert.AreEqual(5f, read["d"].item<float>());
    }

    [TestMethod]
    public void Write_OfALazyConjugate_WritesItsValues()
    {
        using var scope = NewDisposeScope();
        var x = complex(tensor(new[] { 1f }), tensor(new[] { 2f })).conj();

        var read = Safetensors.Read(new MemoryStream(Written(("x", x), ("imaginary", x.imag))));

        CollectionAssert.AreEqual(new[] { 1f, -2f }, read["x"].view_as_real().data<float>().ToArray());
        Assert.AreEqual(-2f, read["imaginary"].item<float>());
    }

    [TestMethod]
    public void Write_OfANameTwice_SaysSo()
    {
        using var scope = NewDisposeScope();

        var e = Assert.ThrowsExactly<ArgumentException>(() => Written(("x", ones(1)), ("x", ones(1))));

        StringAssert.Contains(e.Message, "Two tensors are called 'x'", StringComparison.Ordinal);
    }

    [TestMethod]
    public void ReadMetadata_OfWhatWasWritten_GivesItBack()
    {
        using var scope = NewDisposeScope();
        using var stream = new MemoryStream();
        Safetensors.Write(stream, new Dictionary<string, Tensor> { ["x"] = ones(1) }, new Dictionary<string, string> { ["format"] = "pt", ["author"] = "Zoë" });
        stream.Position = 0;

        var metadata = Safetensors.ReadMetadata(stream);
        stream.Position = 0;

        Assert.HasCount(2, metadata);
        Assert.AreEqual("pt", metadata["format"]);
        Assert.AreEqual("Zoë", metadata["author"]);
        Assert.HasCount(1, Safetensors.Read(stream));
        Assert.IsEmpty(Safetensors.ReadMetadata(new MemoryStream(Written(("x", ones(1))))));
    }

    private static byte[] Written(params (string Name, Tensor Tensor)[] tensors)
    {
        using var stream = new MemoryStream();
        Safetensors.Write(stream, tensors.Select(pair => KeyValuePair.Create(pair.Name, pair.Tensor)));
        return stream.ToArray();
    }
}
