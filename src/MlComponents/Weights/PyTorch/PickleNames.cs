namespace MlComponents;

/// <summary>What a pickle may call, and what comes out of it.</summary>
/// <param name="Name">Its full name in Python.</param>
/// <param name="Call">Makes the result from the arguments.</param>
internal sealed record PickleFunction(string Name, Func<object?[], object?> Call);

/// <summary>The class of a storage.</summary>
/// <param name="Type">Its element type.</param>
internal sealed record PickleStorageClass(ScalarType Type);

/// <summary>An element type by PyTorch's name.</summary>
/// <param name="Name">Such as float32.</param>
internal sealed record PickleType(string Name);

/// <summary>The class of tensors or parameters.</summary>
internal sealed record PickleTensorClass;
