namespace MlComponents.MLNet;

/// <summary>Finds columns and checks their types before any row is read, in ML.NET's words.</summary>
internal static class SchemaCheck
{
    /// <summary>The annotation with the names of a vector's elements.</summary>
    public const string SlotNames = "SlotNames";

    private static readonly string ParameterName = "inputSchema";   // as ML.NET says it

    /// <exception cref="ArgumentOutOfRangeException">There is no such column, or it is no vector of Single of fixed size.</exception>
    public static DataViewSchema.Column Features(DataViewSchema schema, string name)
    {
        var column = Find(schema, name, "feature", "Vector<Single> of fixed size");
        return column.Type is VectorDataViewType { IsKnownSize: true } vector && vector.ItemType == NumberDataViewType.Single
            ? column
            : throw Mismatch("feature", name, "Vector<Single> of fixed size", column.Type);
    }

    /// <exception cref="ArgumentOutOfRangeException">There is no such column, or it isn't of the type with which the model was trained.</exception>
    public static DataViewSchema.Column Features(DataViewSchema schema, string name, VectorDataViewType trained)
    {
        var column = Find(schema, name, "feature", trained.ToString());
        var fits = column.Type is VectorDataViewType vector && vector.ItemType == trained.ItemType && vector.Size == trained.Size
            && (vector.Dimensions.Length == 1 || trained.Dimensions.Length == 1 || vector.Dimensions.SequenceEqual(trained.Dimensions));
        return fits ? column : throw Mismatch("feature", name, trained.ToString(), column.Type);
    }

    /// <exception cref="ArgumentOutOfRangeException">There is no such column, or its type is no label of the task.</exception>
    public static DataViewSchema.Column Label(DataViewSchema schema, string name, TorchTask task)
    {
        var column = Find(schema, name, "label", task.LabelTypes);
        return task.AcceptsLabel(column.Type) ? column : throw Mismatch("label", name, task.LabelTypes, column.Type);
    }

    /// <exception cref="ArgumentOutOfRangeException">A column of that name is expected and there is none, or it is no Single.</exception>
    public static DataViewSchema.Column? Weight(DataViewSchema schema, string? name)
    {
        if (name is null)
            return null;
        var column = Find(schema, name, "weight", "Single");
        return column.Type == NumberDataViewType.Single ? column : throw Mismatch("weight", name, "Single", column.Type);
    }

    /// <summary>What a column of groups may be, for messages.</summary>
    public const string GroupTypes = "String, Key or a number";

    /// <exception cref="ArgumentOutOfRangeException">A column of that name is expected and there is none, or its values are no groups.</exception>
    public static DataViewSchema.Column? Group(DataViewSchema schema, string? name)
    {
        if (name is null)
            return null;
        var column = Find(schema, name, "validation group", GroupTypes);
        return IsGroup(column.Type) ? column : throw Mismatch("validation group", name, GroupTypes, column.Type);
    }

    /// <summary>Whether values of a type are groups: equal or not.</summary>
    public static bool IsGroup(DataViewType type) => type is TextDataViewType or KeyDataViewType or NumberDataViewType or BooleanDataViewType;

    /// <exception cref="ArgumentOutOfRangeException">There is no such column, or it can't be a tensor.</exception>
    public static DataViewSchema.Column Tensor(DataViewSchema schema, string name)
    {
        var column = Find(schema, name, "input", ColumnTypes.Allowed);
        return ColumnTypes.SpecOf(column.Type) is not null ? column : throw Mismatch("input", name, ColumnTypes.Allowed, column.Type);
    }

    /// <exception cref="ArgumentOutOfRangeException">There is no such column, or it isn't numbers that can be a tensor.</exception>
    public static DataViewSchema.Column Numbers(DataViewSchema schema, string name)
    {
        var column = Find(schema, name, "input", ColumnTypes.AllowedNumbers);
        return ColumnTypes.IsNumber(column.Type.ItemType()) && ColumnTypes.SpecOf(column.Type) is not null
            ? column
            : throw Mismatch("input", name, ColumnTypes.AllowedNumbers, column.Type);
    }

    /// <summary>The type of the column of an operation's results.</summary>
    /// <exception cref="ArgumentOutOfRangeException">ML.NET has no such column.</exception>
    public static DataViewType TypeOf(TensorSpec result, OperationDefinition operation)
    {
        var item = ItemOf(result, operation);
        if (result.Shape.Any(size => size < 1) || result.Shape.Aggregate(1.0, (product, size) => product * size) > int.MaxValue)
            throw new ArgumentOutOfRangeException(ParameterName, $"{operation.GetType().Name} gives {result}, but a column has sizes of at least 1 and at most {int.MaxValue} numbers in all.");
        return result.Shape.Count == 0 ? item : new VectorDataViewType(item, result.Shape.Select(size => (int)size).ToArray());
    }

    /// <summary>The type of one number of an operation's results.</summary>
    /// <exception cref="ArgumentOutOfRangeException">ML.NET has no such type.</exception>
    public static PrimitiveDataViewType ItemOf(TensorSpec result, OperationDefinition operation) => ColumnTypes.ItemOf(result.DType)
        ?? throw new ArgumentOutOfRangeException(ParameterName, $"{operation.GetType().Name} gives {result}, but ML.NET has no column of {result.DType}.");

    /// <summary>Columns that are tensors, but that an operation can't take.</summary>
    public static ArgumentOutOfRangeException Refused(IEnumerable<(string Name, object Type)> columns, Exception reason)
    {
        var message = reason is ArgumentException { ParamName: { } parameter } ? reason.Message.Replace($" (Parameter '{parameter}')", "", StringComparison.Ordinal) : reason.Message;
        return new(ParameterName, $"Schema mismatch for input {string.Join(", ", columns.Select(column => $"'{column.Name}' ({column.Type})"))}: {message}");
    }

    public static ArgumentOutOfRangeException Mismatch(string role, string name, string expected, object? actual) =>
        new(ParameterName, $"Schema mismatch for {role} column '{name}': expected {expected}, got {actual}.");

    public static ArgumentOutOfRangeException Missing(string role, string name, string expected, IEnumerable<string> columns) =>
        Mismatch(role, name, expected, $"no column of that name; there are {string.Join(", ", columns)}");

    private static DataViewSchema.Column Find(DataViewSchema schema, string name, string role, string expected) =>
        schema.GetColumnOrNull(name) ?? throw Missing(role, name, expected, schema.Where(column => !column.IsHidden).Select(column => column.Name));
}
