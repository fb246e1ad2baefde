using System.Text;

namespace MlComponents.Tests.Weights.Zip;

[TestClass]
public sealed class Crc32Tests
{
    [TestMethod]
    public void Append_OfTheCheckValue_IsTheStandards()
    {
        var content = Encoding.ASCII.GetBytes("123456789");

        var all = Crc32.Append(0, content);   // 0xCBF43926 for "123456789" by the standard (ITU-T V.42)

        Assert.AreEqual(0xCBF43926u, all);
        Assert.AreEqual(all, Crc32.Append(Crc32.Append(0, content.AsSpan(0, 3)), content.AsSpan(3)));
        Assert.AreEqual(0x29058C73u, Crc32.Append(0, [.. Enumerable.Range(0, 256).Select(i => (byte)i)]));   // by Python's zlib.crc32
    }
}
