using System.Reflection;

namespace MlComponents.MLNet.Tests;

/// <summary>ML.NET's shapes of schemas, which others can't make.</summary>
internal static class SchemaShapes
{
    public static SchemaShape Of(DataViewSchema schema) =>
        (SchemaShape)typeof(SchemaShape).GetMethod("Create", BindingFlags.NonPublic | BindingFlags.Static)!.Invoke(null, [schema])!;

    public static List<string> Described(SchemaShape shape) => [.. shape.Select(column =>
        $"{column.Name} {column.Kind} {column.ItemType} {column.IsKey} [{string.Join(", ", Described(column.Annotations).Order())}]")];
}
