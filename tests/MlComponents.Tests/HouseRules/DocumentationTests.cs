using System.ComponentModel.DataAnnotations;
using System.Reflection;

namespace MlComponents.Tests.HouseRules;

[TestClass]
public sealed class DocumentationTests
{
    private static readonly OptionDocumentation Documentation = new(typeof(ComponentDefinition).Assembly);

    [TestMethod]
    public void EveryOption_NamesItsDefault()
    {
        var missing = Documentation.WithoutDefault;

        Assert.IsGreaterThan(30, Documentation.Properties.Count);
        Assert.IsEmpty(missing, $"the documentation doesn't name the default of {string.Join(", ", missing)}");
    }

    [TestMethod]
    public void EveryRange_IsTheOneInItsDocumentation()
    {
        var wrong = Documentation.WithoutBounds;

        Assert.IsEmpty(wrong, $"the documentation doesn't name the bounds of {string.Join(", ", wrong)}");
    }

    [TestMethod]
    public void EveryNumber_HasARangeOrSaysThatItHasNone()
    {
        string[] free = ["TrainerOptions.Seed", "Equal.Value", "RandomCrop.Fill", "RandomAffine.Fill", "RandomErasing.Value"];   // any number will do, and any label can be the one to ignore

        var unchecked_ = Documentation.Properties
            .Where(property => Type.GetTypeCode(Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType) is TypeCode.Int32 or TypeCode.Int64 or TypeCode.Double or TypeCode.Single)
            .Where(property => property.Name != nameof(CrossEntropy.IgnoreIndex))
            .Where(property => !(Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType).IsEnum)
            .Where(property => !property.IsDefined(typeof(RangeAttribute)) && !property.IsDefined(typeof(AllowedValuesAttribute)))
            .Select(OptionDocumentation.Name).Except(free).ToList();

        Assert.IsEmpty(unchecked_, $"without a [Range]: {string.Join(", ", unchecked_)}");
    }

    [TestMethod]
    [DataRow("Units. At least 1; default 10.", 1.0, double.MaxValue, false, false, true)]
    [DataRow("Units. Default 10.", 1.0, double.MaxValue, false, false, false)]
    [DataRow("Units. At least 2; default 10.", 1.0, double.MaxValue, false, false, false)]
    [DataRow("A share. Above 0 and at most 1; default 1.", 0.0, 1.0, true, false, true)]
    [DataRow("A share. At least 0 and at most 1; default 1.", 0.0, 1.0, true, false, false)]
    [DataRow("A share. At least 0; default 1.", 0.0, 1.0, false, true, false)]
    [DataRow("Rows. 1 to 1,048,576; default 1.", 1.0, 1048576.0, false, false, true)]
    public void Mentions_OfTextsAndRanges_IsStrict(string text, double minimum, double maximum, bool above, bool below, bool expected) =>
        Assert.AreEqual(expected, OptionDocumentation.Mentions(text, new RangeAttribute(minimum, maximum) { MinimumIsExclusive = above, MaximumIsExclusive = below }));
}
